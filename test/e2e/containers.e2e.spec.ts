import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type AppName, AppProcess } from '../../tools/apps/app-process';
import { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';
import {
  type FreshDatabase,
  type FreshZooKeeperRoot,
  freshDatabase,
  freshZooKeeperRoot,
  logFolder,
  request,
  waitFor,
} from '../support';

const repository = fileURLToPath(new URL('../..', import.meta.url));

interface Container {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

const { services } = parse(readFileSync(join(repository, 'docker/compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<string, Container>;
};

/** What compose.yaml says, carried out without containers: folders for volumes, private servers for the images. */
describe('the system of docker/compose.yaml', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dbem-compose-'));
  const running: AppProcess[] = [];
  let rabbitMq: PrivateRabbitMq;
  let root: FreshZooKeeperRoot;
  const databases = new Map<string, FreshDatabase>();

  /** Where a container's path is: the volume's folder. */
  function hostPath(container: string, path: string): string {
    const volumes = (services[container]?.volumes ?? []).map((volume) => volume.split(':') as [string, string]);
    const mounted = volumes.find(([, target]) => path === target || path.startsWith(`${target}/`));
    return mounted === undefined ? path : path.replace(mounted[1], join(folder, mounted[0]));
  }

  /** Runs a container's command on folders as it would see them: one for each of its volumes, side by side. */
  function runTool(container: string, replacements: Record<string, string> = {}): string {
    const view = mkdtempSync(join(folder, `${container}-`));
    const volumes = (services[container]?.volumes ?? []).map((volume) => volume.split(':') as [string, string]);
    for (const [name, target] of volumes) {
      mkdirSync(join(folder, name), { recursive: true });
      const { status } = spawnSync('ln', ['-s', join(folder, name), join(view, target.replace('/run/dbem/', ''))]);
      expect(status).toBe(0);
    }
    const { command = [], environment = {} } = services[container] ?? {};
    const translate = (text: string) =>
      Object.entries(replacements)
        .reduce((all, [from, to]) => all.replace(from, to), text)
        .replace('/run/dbem', view);
    const env = Object.entries(environment).map(([name, value]) => [name, translate(value)]);
    const [, ...args] = command.map(translate);
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: repository,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...Object.fromEntries(env) },
    });
    expect(status, stderr).toBe(0);
    return stdout;
  }

  const secret = (volume: string, file: string) => readFileSync(join(folder, volume, file), 'utf8').trim();

  beforeAll(async () => {
    runTool('secrets');
    const configuration = secret('rabbitmq-secrets', 'rabbitmq.conf').split('\n');
    const password = /default_pass = (.+)/.exec(configuration.join('\n'))?.[1] ?? '';
    rabbitMq = await PrivateRabbitMq.start(join(folder, 'rabbitmq'), {
      configuration,
      administrator: `admin:${password}`,
    });
    root = await freshZooKeeperRoot();
    rewrite('provision-secrets', 'management-url', 'rabbitmq:15672', `127.0.0.1:${rabbitMq.managementPort}`);
    provision();
    for (const app of ['profile', 'sharing', 'registry'] as const) databases.set(app, await freshDatabase());
    for (const app of ['event-manager', 'profile', 'sharing', 'registry'] as const) running.push(await start(app));
    await Promise.all(running.map((app) => app.waitUntilReady()));
  }, 180_000);

  afterAll(async () => {
    await Promise.all(running.map((app) => app.stop()));
    await rabbitMq?.stop();
    await Promise.all([
      root?.drop(secret('event-manager-secrets', 'zookeeper-auth')),
      ...[...databases.values()].map((database) => database.drop()),
    ]);
    rmSync(folder, { recursive: true, force: true });
  });

  const provision = () => runTool('provision', { 'rabbitmq:5672': `127.0.0.1:${rabbitMq.port}` });

  /** Servers are somewhere else here than in the containers' network. */
  function rewrite(volume: string, file: string, from: string, to: string): void {
    writeFileSync(join(folder, volume, file), `${secret(volume, file).replace(from, to)}\n`);
  }

  async function start(app: AppName): Promise<AppProcess> {
    const { environment = {} } = services[app] ?? {};
    const database = databases.get(app);
    const env = Object.entries(environment).map(([name, value]) => [name, hostPath(app, value)]);
    const { SERVICE_PORT: _, DATABASE_URL_FILE: __, ...given } = Object.fromEntries(env) as Record<string, string>;
    return AppProcess.start({
      app,
      env: {
        ...given,
        ...(given.ZOOKEEPER_CONNECT !== undefined && { ZOOKEEPER_CONNECT: root.connectString }),
        ...(database !== undefined && { DATABASE_URL: database.url }),
      },
      logFolder,
    });
  }

  it('replicates, each app as a broker user of its own, with nobody forged', async () => {
    const [manager, profile] = running as [AppProcess, AppProcess];
    const token = secret('profile-secrets', 'service-token');
    const body = { userId: 'ada', gatewayId: 'seagrid', firstName: 'A', lastName: 'B', emails: [] };
    expect((await request('POST', `${profile.url}/users`, { body })).status).toBe(401);
    expect((await request('POST', `${profile.url}/users`, { body, token })).status).toBe(201);
    for (const [app, table] of [
      ['sharing', 'sharing_user'],
      ['registry', 'registry_user'],
    ] as const) {
      await waitFor(async () => (await databases.get(app)?.pool.query(`SELECT FROM ${table}`))?.rows.length === 1);
    }
    const adminToken = secret('event-manager-secrets', 'admin-token');
    const { body: identity } = await request('GET', `${manager.url}/admin/v1/identity`, { token: adminToken });
    expect(identity).toMatchObject({ isEnforced: true });
    const { body: parked } = await request('GET', `${manager.url}/admin/v1/parked`, { token: adminToken });
    expect(parked.items).toEqual([]);
    expect(manager.log).not.toContain(adminToken);
  });

  it('knows no guest', async () => {
    await expect(connect(`amqp://guest:guest@127.0.0.1:${rabbitMq.port}`)).rejects.toThrow();
  });

  it('is set up again without harm, and a user that has lost its file gets a new password', () => {
    const before = secret('sharing-secrets', 'amqp-url');
    expect(runTool('secrets')).toBe('');
    provision();
    expect(secret('sharing-secrets', 'amqp-url')).toBe(before);
    rmSync(join(folder, 'sharing-secrets', 'amqp-url'));
    provision();
    expect(secret('sharing-secrets', 'amqp-url')).toMatch(/^amqp:\/\/sharing:/);
    expect(secret('sharing-secrets', 'amqp-url')).not.toBe(before);
  });

  it('gives a database the password that its service has', () => {
    for (const app of ['profile', 'sharing', 'registry']) {
      const { username, password, hostname, pathname } = new URL(secret(`${app}-secrets`, 'database-url'));
      expect(password).toBe(secret(`${app}-db-secrets`, 'password'));
      expect([username, hostname, pathname]).toEqual([app, `${app}-db`, `/${app}`]);
      expect(services[hostname]?.environment).toMatchObject({ POSTGRES_USER: username, POSTGRES_DB: app });
    }
  });
});
