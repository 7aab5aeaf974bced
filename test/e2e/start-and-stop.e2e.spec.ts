import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppName, AppProcess } from '../../tools/apps/app-process';
import {
  type FreshDatabase,
  type FreshVhost,
  type FreshZooKeeperRoot,
  freshDatabase,
  freshVhost,
  freshZooKeeperRoot,
  logFolder,
  request,
  waitFor,
} from '../support';

describe('an app from start to stop', () => {
  let vhost: FreshVhost;
  let zooKeeper: FreshZooKeeperRoot;
  let database: FreshDatabase;
  let running: AppProcess[];

  beforeEach(async () => {
    [vhost, zooKeeper, database] = await Promise.all([freshVhost(), freshZooKeeperRoot(), freshDatabase()]);
    running = [];
  });

  afterEach(async () => {
    await Promise.all(running.map((app) => app.stop()));
    await Promise.all([vhost.drop(), zooKeeper.drop(), database.drop()]);
  });

  async function start(app: AppName, env: Record<string, string> = {}): Promise<AppProcess> {
    const servers: Record<string, string> =
      app === 'event-manager' ? { ZOOKEEPER_CONNECT: zooKeeper.connectString } : { DATABASE_URL: database.url };
    const process = await AppProcess.start({ app, env: { AMQP_URL: vhost.amqpUrl, ...servers, ...env }, logFolder });
    running.push(process);
    return process;
  }

  const user = (userId: string) => ({ userId, gatewayId: 'gw', firstName: 'A', lastName: 'B', emails: [] });
  const rows = async () => (await database.pool.query('SELECT user_id FROM profile_user')).rows.length;

  it('answers every request that it took before SIGTERM, and ends with 0', async () => {
    const profile = await start('profile');
    await profile.waitUntilReady();
    const answers: Promise<number>[] = Array.from({ length: 60 }, (_, index) =>
      request('POST', `${profile.url}/users`, { body: user(`u${index}`) }).then(
        ({ status }) => status,
        () => 0,
      ),
    );
    await Promise.race(answers);
    await profile.stop();
    const statuses = await Promise.all(answers);
    const created = statuses.filter((status) => status === 201).length;
    expect(created).toBeGreaterThan(0);
    expect(await rows()).toBe(created);
    expect(profile.exitCode).toBe(0);
  });

  it.each(['event-manager', 'sharing', 'registry'] as const)('%s ends with 0 on SIGTERM', async (app) => {
    const process = await start(app);
    await waitFor(() =>
      request('GET', `${process.url}/health/live`).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    await process.stop();
    expect(process.exitCode).toBe(0);
  });

  it('confirm-then-commit refuses a write without an event manager, and takes it with one', async () => {
    const profile = await start('profile', { PUBLISH_PROTOCOL: 'confirm-then-commit' });
    await profile.waitUntilReady();
    const refused = await request('POST', `${profile.url}/users`, { body: user('early') });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await rows()).toBe(0);
    const manager = await start('event-manager');
    await manager.waitUntilReady();
    expect((await request('POST', `${profile.url}/users`, { body: user('late') })).status).toBe(201);
    expect(await rows()).toBe(1);
    const waiting = await database.pool.query('SELECT FROM db_event.outbox WHERE NOT is_heartbeat');
    expect(waiting.rows).toHaveLength(0);
  });

  it('the event manager prints an admin token if it was given none, and takes it', async () => {
    const manager = await start('event-manager');
    await manager.waitUntilReady();
    const token = /the admin token until the next start is (\S+?)"/.exec(
      manager.log.slice(manager.log.lastIndexOf('No way into the admin API')),
    )?.[1];
    const members = `${manager.url}/admin/v1/members`;
    expect((await request('GET', members, { token: token ?? '' })).status).toBe(200);
    expect((await request('GET', members, { token: `${token}x` })).status).toBe(401);
  });
});
