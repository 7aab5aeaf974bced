import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AppName, AppProcess } from '../../tools/apps/app-process';
import type { AppInstance } from '../support/apps/app-instance';
import { InProcessApp } from '../support/apps/in-process-app';
import { logFolder } from '../support/apps/log-folder';
import { request } from '../support/http/http';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { type FreshVhost, freshVhost } from '../support/servers/fresh-vhost';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';

describe('An app from start to stop', () => {
  let vhost: FreshVhost;
  let zooKeeper: FreshZooKeeperRoot;
  const databases: FreshDatabase[] = [];
  const running: AppInstance[] = [];

  beforeAll(async () => {
    [vhost, zooKeeper] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.stop()));
    await Promise.all(databases.splice(0).map((database) => database.drop()));
  });

  afterAll(async () => {
    await Promise.all([vhost?.drop(), zooKeeper?.drop()]);
  });

  /** Without a schema: the app creates it. */
  async function newDatabase(): Promise<FreshDatabase> {
    const database = await freshDatabase();
    databases.push(database);
    return database;
  }

  async function environmentOf(app: AppName): Promise<Record<string, string>> {
    const common = { AMQP_URL: vhost.amqpUrl };
    if (app === 'event-manager') return { ...common, ZOOKEEPER_CONNECT: zooKeeper.connectString };
    return { ...common, DATABASE_URL: (await newDatabase()).url };
  }

  async function startProcess(app: AppName, env: Record<string, string>): Promise<AppProcess> {
    const process = await AppProcess.start({ app, env, logFolder });
    running.push(process);
    return process;
  }

  async function startInProcess(app: AppName, env: Record<string, string>): Promise<InProcessApp> {
    const started = await InProcessApp.start(app, env);
    running.push(started);
    await started.waitUntilReady();
    return started;
  }

  const user = (userId: string) => ({ userId, gatewayId: 'gw', firstName: 'A', lastName: 'B', emails: [] });
  const rowsIn = async ({ pool }: FreshDatabase) => (await pool.query('SELECT user_id FROM profile_user')).rows.length;

  it('profile answers every request that it accepted before SIGTERM, and exits with 0', async () => {
    const database = await newDatabase();
    const profile = await startProcess('profile', { AMQP_URL: vhost.amqpUrl, DATABASE_URL: database.url });
    await profile.waitUntilReady();
    const answers: Promise<number>[] = Array.from({ length: 60 }, (_, index) =>
      request('POST', `${profile.url}/users`, { body: user(`u${index}`) }).then(
        ({ status }) => status,
        // It came too late to be accepted.
        () => 0,
      ),
    );
    await Promise.race(answers);
    await profile.stop();
    const statuses = await Promise.all(answers);
    const created = statuses.filter((status) => status === 201).length;
    expect(created).toBeGreaterThan(0);
    expect(await rowsIn(database)).toBe(created);
    expect(profile.exitCode).toBe(0);
  });

  it('profile stops although its clients keep sending requests over their open connections', async () => {
    const database = await newDatabase();
    const profile = await startInProcess('profile', { AMQP_URL: vhost.amqpUrl, DATABASE_URL: database.url });
    let number = 0;
    /** Until its connection is closed and no new one is accepted. */
    const write = async () => {
      for (;;) {
        number += 1;
        const { status } = await request('POST', `${profile.url}/users`, { body: user(`u${number}`) });
        expect(status).toBe(201);
      }
    };
    const writers = Array.from({ length: 6 }, () => expect(write()).rejects.toThrow('fetch failed'));
    await waitFor(() => number > 20);
    await profile.stop();
    await Promise.all(writers);
  });

  it.each(['sharing', 'registry'] as const)('%s exits with 0 on SIGTERM', async (app) => {
    const process = await startProcess(app, await environmentOf(app));
    await waitUntilLive(process);
    await process.stop();
    expect(process.exitCode).toBe(0);
  });

  it('The event manager without a configured token logs a generated one, accepts it, and exits with 0 on SIGTERM', async () => {
    const manager = await startProcess('event-manager', await environmentOf('event-manager'));
    await manager.waitUntilReady();
    const [, token = ''] = /"token":"([^"]+)".*generated an admin token/.exec(manager.log) ?? [];
    const members = `${manager.url}/admin/v1/members`;
    expect((await request('GET', members, { token })).status).toBe(200);
    expect((await request('GET', members, { token: `${token}x` })).status).toBe(401);
    await manager.stop();
    expect(manager.exitCode).toBe(0);
  });

  it('A write with confirm-then-commit is rejected without an event manager, and succeeds with one', async () => {
    const database = await newDatabase();
    const profile = await startInProcess('profile', {
      AMQP_URL: vhost.amqpUrl,
      DATABASE_URL: database.url,
      PUBLISH_PROTOCOL: 'confirm-then-commit',
    });
    const refused = await request('POST', `${profile.url}/users`, { body: user('early') });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await rowsIn(database)).toBe(0);
    await startInProcess('event-manager', await environmentOf('event-manager'));
    expect((await request('POST', `${profile.url}/users`, { body: user('late') })).status).toBe(201);
    expect(await rowsIn(database)).toBe(1);
    const waiting = await database.pool.query('SELECT FROM db_event.outbox WHERE NOT is_heartbeat');
    expect(waiting.rows).toHaveLength(0);
  });
});

/** Resolves when the app responds, ready or not. */
function waitUntilLive(app: AppProcess): Promise<unknown> {
  return waitFor(() =>
    request('GET', `${app.url}/health/live`).then(
      ({ status }) => status === 200,
      () => {
        if (!app.isRunning) throw new Error(`${app.app} ended: ${app.log}`);
        return false;
      },
    ),
  );
}
