import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AppName } from '../../tools/apps/app-process';
import { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';
import { InProcessApp } from '../support/apps/in-process-app';
import { request } from '../support/http/http';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';

const SERVICES = ['profile', 'sharing', 'registry'] as const;
const repository = fileURLToPath(new URL('../..', import.meta.url));

interface Container {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

const { services } = parse(readFileSync(join(repository, 'docker/compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<string, Container>;
};

/** Runs compose.yaml without containers: with folders for volumes and private servers for images. */
describe('the system of docker/compose.yaml', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dbem-compose-'));
  const running = new Map<AppName, InProcessApp>();
  let rabbitMq: PrivateRabbitMq;
  let root: FreshZooKeeperRoot;
  const databases = new Map<string, FreshDatabase>();

  /** The path in the volume's folder for a container's path. */
  function hostPath(container: string, path: string): string {
    const volumes = (services[container]?.volumes ?? []).map((volume) => volume.split(':') as [string, string]);
    const mounted = volumes.find(([, target]) => path === target || path.startsWith(`${target}/`));
    return mounted === undefined ? path : path.replace(mounted[1], join(folder, mounted[0]));
  }

  /** Runs a container's command on folders that replace its volumes. */
  async function runTool(container: string, replacements: Record<string, string> = {}): Promise<string> {
    const view = mkdtempSync(join(folder, `${container}-`));
    const volumes = (services[container]?.volumes ?? []).map((volume) => volume.split(':') as [string, string]);
    for (const [name, target] of volumes) {
      mkdirSync(join(folder, name), { recursive: true });
      symlinkSync(join(folder, name), join(view, target.replace('/run/dbem/', '')));
    }
    const { command = [], environment = {} } = services[container] ?? {};
    const translate = (text: string) =>
      Object.entries(replacements)
        .reduce((all, [from, to]) => all.replace(from, to), text)
        .replace('/run/dbem', view);
    const env = Object.entries(environment).map(([name, value]) => [name, translate(value)]);
    const [, ...args] = command.map(translate);
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: repository,
      env: { PATH: process.env.PATH, ...Object.fromEntries(env) },
    });
    return stdout;
  }

  const secret = (volume: string, file: string) => readFileSync(join(folder, volume, file), 'utf8').trim();

  beforeAll(async () => {
    await runTool('secrets');
    const configuration = secret('rabbitmq-secrets', 'rabbitmq.conf').split('\n');
    const password = /default_pass = (.+)/.exec(configuration.join('\n'))?.[1] ?? '';
    rabbitMq = await PrivateRabbitMq.start(join(folder, 'rabbitmq'), {
      configuration,
      administrator: `admin:${password}`,
    });
    root = await freshZooKeeperRoot();
    rewrite('provision-secrets', 'management-url', 'rabbitmq:15672', `127.0.0.1:${rabbitMq.managementPort}`);
    await provision();
    for (const app of SERVICES) databases.set(app, await freshDatabase(app));
    for (const app of ['event-manager', ...SERVICES] as const) running.set(app, await start(app));
    await Promise.all([...running.values()].map((app) => app.waitUntilReady()));
  }, 300_000);

  afterAll(async () => {
    await Promise.all([...running.values()].map((app) => app.stop()));
    await rabbitMq?.stop();
    await Promise.all([
      root?.drop(secret('event-manager-secrets', 'zookeeper-auth')),
      ...[...databases.values()].map((database) => database.drop()),
    ]);
    rmSync(folder, { recursive: true, force: true });
  });

  function app(name: AppName): InProcessApp {
    const started = running.get(name);
    if (started === undefined) throw new Error(`${name} was not started`);
    return started;
  }

  const provision = () => runTool('provision', { 'rabbitmq:5672': `127.0.0.1:${rabbitMq.port}` });

  /** Replaces an address in the containers' network by the test server's. */
  function rewrite(volume: string, file: string, from: string, to: string): void {
    writeFileSync(join(folder, volume, file), `${secret(volume, file).replace(from, to)}\n`);
  }

  async function start(app: AppName): Promise<InProcessApp> {
    const { environment = {} } = services[app] ?? {};
    const database = databases.get(app);
    const env = Object.entries(environment).map(([name, value]) => [name, hostPath(app, value)]);
    const { SERVICE_PORT: _, DATABASE_URL_FILE: __, ...given } = Object.fromEntries(env) as Record<string, string>;
    return InProcessApp.start(app, {
      ...given,
      ...(given.ZOOKEEPER_CONNECT !== undefined && { ZOOKEEPER_CONNECT: root.connectString }),
      ...(database !== undefined && { DATABASE_URL: database.url }),
    });
  }

  it('The system of docker/compose.yaml replicates, with a broker user for each app and no event parked as forged', async () => {
    const manager = app('event-manager');
    const profile = app('profile');
    const token = secret('profile-secrets', 'service-token');
    const body = { userId: 'ada', gatewayId: 'seagrid', firstName: 'A', lastName: 'B', emails: [] };
    expect((await request('POST', `${profile.url}/users`, { body })).status).toBe(401);
    expect((await request('POST', `${profile.url}/users`, { body, token })).status).toBe(201);
    for (const [service, table] of [
      ['sharing', 'sharing_user'],
      ['registry', 'registry_user'],
    ] as const) {
      await waitFor(async () => (await databases.get(service)?.pool.query(`SELECT FROM ${table}`))?.rows.length === 1);
    }
    const adminToken = secret('event-manager-secrets', 'admin-token');
    const { body: identity } = await request('GET', `${manager.url}/admin/v1/identity`, { token: adminToken });
    expect(identity).toMatchObject({ isEnforced: true });
    const { body: parked } = await request('GET', `${manager.url}/admin/v1/parked`, { token: adminToken });
    expect(parked.items).toEqual([]);
    expect(manager.log).not.toContain(adminToken);
  });

  it('The broker of docker/compose.yaml rejects the user guest', async () => {
    await expect(connect(`amqp://guest:guest@127.0.0.1:${rabbitMq.port}`)).rejects.toThrow(/ACCESS.REFUSED/);
  });

  it('A second set-up of docker/compose.yaml changes only the password of a user whose file is missing', async () => {
    expect(await runTool('secrets')).toBe('');
    const before = secret('sharing-secrets', 'amqp-url');
    const ofProfile = secret('profile-secrets', 'amqp-url');
    rmSync(join(folder, 'sharing-secrets', 'amqp-url'));
    await provision();
    expect(secret('profile-secrets', 'amqp-url')).toBe(ofProfile);
    expect(secret('sharing-secrets', 'amqp-url')).toMatch(/^amqp:\/\/sharing:/);
    expect(secret('sharing-secrets', 'amqp-url')).not.toBe(before);
  });

  it('Each database of docker/compose.yaml has the password that its service uses', () => {
    for (const app of SERVICES) {
      const { username, password, hostname, pathname } = new URL(secret(`${app}-secrets`, 'database-url'));
      expect(password).toBe(secret(`${app}-db-secrets`, 'password'));
      expect([username, hostname, pathname]).toEqual([app, `${app}-db`, `/${app}`]);
      expect(services[hostname]?.environment).toMatchObject({ POSTGRES_USER: username, POSTGRES_DB: app });
    }
  });
});
