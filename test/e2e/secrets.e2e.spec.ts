import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerManagement, MANAGER_PERMISSIONS } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type AppName, AppProcess } from '../../tools/apps/app-process';
import { logFolder } from '../support/apps/log-folder';
import { request } from '../support/http/http';
import { expectRefused } from '../support/network/expect-refused';
import { TcpProxy } from '../support/network/tcp-proxy';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { type FreshVhost, freshVhost } from '../support/servers/fresh-vhost';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';

/** Neither the plain secrets nor their URL-encoded forms may be logged. */
const SECRETS = {
  broker: 'br0ker p@ss/word',
  database: 'd@tabase p:ss?word',
  admin: 'admin-token-that-nobody-sees',
  metrics: 'metrics-token-that-nobody-sees',
  service: 'service-token-that-nobody-sees',
  zooKeeper: 'zookeeper-password-that-nobody-sees',
} as const;
const FORBIDDEN = Object.values(SECRETS).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
]);

/** Separate processes, so that everything that they print is checked. */
describe('The apps’ logs at the level debug', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let database: FreshDatabase;
  let management: BrokerManagement;
  let brokerProxy: TcpProxy;
  let databaseProxy: TcpProxy;
  const started: AppProcess[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'dbem-secrets-'));
  const user = `secretive-${process.pid}`;

  beforeAll(async () => {
    [vhost, root, database] = await Promise.all([freshVhost(), freshZooKeeperRoot(), freshDatabase()]);
    management = new BrokerManagement({ url: inject('managementUrl'), vhost: vhost.vhost });
    await management.putUser(user, SECRETS.broker);
    await management.putRights(user, MANAGER_PERMISSIONS);
    const broker = new URL(vhost.amqpUrl);
    brokerProxy = await TcpProxy.start({ host: broker.hostname, port: Number(broker.port) });
    const { hostname, port } = new URL(database.url);
    databaseProxy = await TcpProxy.start({ host: hostname, port: Number(port) });
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((app) => app.stop()));
    for (const proxy of [brokerProxy, databaseProxy]) proxy.restore();
  });

  afterAll(async () => {
    await management.deleteUser(user);
    await Promise.all([brokerProxy.stop(), databaseProxy.stop()]);
    await Promise.all([vhost.drop(), root.drop(), database.drop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(app: AppName, env: Record<string, string>): Promise<AppProcess> {
    const process = await AppProcess.start({ app, env: { ...env, LOG_LEVEL: 'debug' }, logFolder });
    started.push(process);
    return process;
  }

  /** Cuts the app's links and waits until its log matches. */
  async function cutOff(app: AppProcess, proxies: readonly TcpProxy[], logged: RegExp): Promise<void> {
    const { length } = app.log;
    for (const proxy of proxies) {
      proxy.cut();
      await expectRefused(proxy.port);
    }
    await waitFor(() => logged.test(app.log.slice(length)), { what: `the log to match ${logged}` });
  }

  function amqpUrl(port: number, password: string = SECRETS.broker): string {
    return `amqp://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${vhost.vhost}`;
  }

  function fileOf(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, `${content}\n`, { mode: 0o600 });
    return path;
  }

  function expectNoSecretIn(app: AppProcess): void {
    expect(app.log.length).toBeGreaterThan(0);
    for (const secret of FORBIDDEN) expect(app.log).not.toContain(secret);
  }

  it('An event manager logs none of its secrets, with or without its broker', async () => {
    const manager = await start('event-manager', {
      AMQP_URL_FILE: fileOf('amqp', amqpUrl(brokerProxy.port)),
      ADMIN_TOKEN_FILE: fileOf('admin', SECRETS.admin),
      METRICS_TOKEN: SECRETS.metrics,
      // The nodes stay open, so that the test can delete them.
      ZOOKEEPER_AUTH_FILE: fileOf('zookeeper', `managers:${SECRETS.zooKeeper}`),
      ZOOKEEPER_NODES: 'open',
      ZOOKEEPER_CONNECT: root.connectString,
    });
    await manager.waitUntilReady();
    const call = (token: string) => request('GET', `${manager.url}/admin/v1/members`, { token });
    expect((await call(SECRETS.admin)).status).toBe(200);
    expect((await call(`${SECRETS.admin}x`)).status).toBe(401);
    const body = { entityTypes: [SECRETS.admin], password: SECRETS.broker };
    await request('PUT', `${manager.url}/admin/v1/subscriptions/a/b`, { token: SECRETS.admin, body });
    await cutOff(manager, [brokerProxy], /could not connect to the broker/);
    brokerProxy.restore();
    await manager.waitUntilReady();
    await manager.stop();
    expectNoSecretIn(manager);
  });

  it('A service logs none of its secrets while its broker and database reject it or are unavailable', async () => {
    const url = new URL(database.url);
    url.password = encodeURIComponent(SECRETS.database);
    url.port = String(databaseProxy.port);
    url.username = 'nobody-of-this-name';
    const sharing = await start('sharing', {
      AMQP_URL: amqpUrl(brokerProxy.port, `${SECRETS.broker} is wrong`),
      DATABASE_URL: url.toString(),
      SERVICE_TOKEN_FILE: fileOf('service', SECRETS.service),
    });
    await waitFor(() => /ACCESS.REFUSED/.test(sharing.log) && sharing.log.includes('schema migration failed'));
    expect((await request('GET', `${sharing.url}/replication`, { token: SECRETS.service })).status).toBe(200);
    expect((await request('GET', `${sharing.url}/replication`, { token: `${SECRETS.service}x` })).status).toBe(401);
    await cutOff(sharing, [brokerProxy, databaseProxy], /ECONNRESET|ECONNREFUSED|closed|terminated/i);
    await sharing.stop();
    expectNoSecretIn(sharing);
  });

  it('An app with an invalid configuration logs the variable’s name and none of its secrets', async () => {
    const app = await start('profile', {
      AMQP_URL: `http://${user}:${encodeURIComponent(SECRETS.broker)}@127.0.0.1/`,
      DATABASE_URL: SECRETS.database,
      ADMIN_TOKEN: SECRETS.admin,
    });
    await waitFor(() => !app.isRunning);
    expect(app.log).toContain('AMQP_URL');
    expectNoSecretIn(app);
  });
});
