import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { migrate } from '@dbem/platform';
import { Replication, replicaMigrations } from '@dbem/replica';
import { RabbitMqBroker } from '@dbem/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
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

const TOKEN = 'a-token-of-the-tests-own';
const PUBLISHER = 'registry';
const LIMIT = 1_000;

/** A subscriber whose replica is a set of ids. */
interface Service {
  readonly name: string;
  readonly replication: Replication;
  readonly database: FreshDatabase;
  readonly lapses: number[];
}

describe('a subscriber that stays away past the backlog limit', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let broker: RabbitMqBroker;
  const managers: AppProcess[] = [];
  const databases = new Map<string, FreshDatabase>();
  const running = new Set<Replication>();
  let published = 0;
  /** The service `stuck` waits for this before it writes. */
  let unstuck: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    await Promise.all([startManager(), startManager()]);
    broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
  });

  afterAll(async () => {
    await Promise.all([...running].map((replication) => replication.stop()));
    await broker?.stop();
    await Promise.all(managers.map((manager) => manager.stop()));
    await Promise.all([vhost.drop(), root.drop(), ...[...databases.values()].map((database) => database.drop())]);
  });

  async function startManager(env: Record<string, string> = {}): Promise<AppProcess> {
    const manager = await AppProcess.start({
      app: 'event-manager',
      env: {
        AMQP_URL: vhost.amqpUrl,
        ZOOKEEPER_CONNECT: root.connectString,
        ADMIN_TOKEN: TOKEN,
        BACKLOG_MAX_MESSAGES: String(LIMIT),
        ...env,
      },
      logFolder,
    });
    managers.push(manager);
    await manager.waitUntilReady();
    return manager;
  }

  async function startService(name: string, rebuild?: () => Promise<void>): Promise<Service> {
    const database = databases.get(name) ?? (await freshDatabase());
    if (!databases.has(name)) {
      databases.set(name, database);
      await migrate(database.pool, replicaMigrations);
      await database.pool.query('CREATE TABLE project (id text PRIMARY KEY)');
    }
    const upsert = async (changes: readonly { entityId: string }[], transaction: typeof database.pool) => {
      if (name === 'stuck') await unstuck;
      await transaction.query('INSERT INTO project SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [
        changes.map(({ entityId }) => entityId),
      ]);
    };
    const handler = { publisher: PUBLISHER, codec: projectCodec, upsert, remove: async () => {} } as never;
    const replication = new Replication(broker, [handler], { service: name, pool: database.pool });
    const lapses: number[] = [];
    if (rebuild !== undefined) {
      replication.subscriptions.onLapsed(async (_subscription, sinceMs) => {
        lapses.push(sinceMs);
        await rebuild();
      });
    }
    running.add(replication);
    await replication.start();
    await waitFor(() => replication.isReplicating, { what: `${name} to replicate` });
    return { name, replication, database, lapses };
  }

  async function publish(count: number): Promise<void> {
    const bodies = Array.from({ length: count }, () => {
      published += 1;
      const [id, version] = [`p${published}`, BigInt(published)];
      const entity = projectCodec.encode({ projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' });
      const key = { publisher: PUBLISHER, entityType: 'PROJECT', crudType: 'CREATE' } as const;
      return encodeEvent({ ...key, entity, version, entityId: id, eventId: `e${id}`, changeTimeMs: 1 });
    });
    await Promise.all(
      bodies.map((body) => broker.publish({ exchange: 'db.event.exchange', routingKey: 'db.event', body })),
    );
  }

  const manager = () => managers.find(({ isRunning }) => isRunning) as AppProcess;
  const countOf = async ({ database }: Service) =>
    Number((await database.pool.query('SELECT count(*) FROM project')).rows[0].count);
  const subscriptionOf = async (subscriber: string) => {
    const { body } = await request<{ items: Record<string, string>[] }>(
      'GET',
      `${manager().url}/admin/v1/subscriptions?subscriber=${subscriber}`,
      { token: TOKEN },
    );
    return body.items[0];
  };
  const lapsed = (subscriber: string, lapseState: string) =>
    waitFor(async () => (await subscriptionOf(subscriber))?.lapseState === lapseState, {
      what: `${subscriber} to be ${lapseState}`,
    });

  it('loses its subscription and its queue, everyone else goes on, and at its return it is told since when', async () => {
    const steady = await startService('steady');
    const away = await startService('away');
    await publish(10);
    await waitFor(async () => (await countOf(away)) === 10 && (await countOf(steady)) === 10);
    await away.replication.stop();
    const begun = Date.now();

    await publish(LIMIT + 500);
    await lapsed('away', 'dropped');
    expect(await broker.topology.inspectQueue('away.queue')).toBeUndefined();
    await waitFor(async () => (await countOf(steady)) === published);
    expect((await subscriptionOf('steady'))?.lapseState).toBeUndefined();
    const health = await request('GET', `${manager().url}/health/ready`, { token: TOKEN });
    expect(health.status).toBe(200);
    expect(JSON.stringify(health.body)).toContain('"lapsed":["away"]');
    await waitFor(() => managers.some(({ log }) => log.includes('its subscriptions have lapsed')));

    // Nobody declares its queue again while it is away.
    await publish(100);
    await waitFor(async () => (await countOf(steady)) === published);
    expect(await broker.topology.inspectQueue('away.queue')).toBeUndefined();

    let hasRebuilt = () => {};
    const rebuilt = new Promise<void>((resolve) => {
      hasRebuilt = resolve;
    });
    const back = await startService('away', () => rebuilt);
    await waitFor(() => back.lapses.length === 1);
    expect(back.lapses[0]).toBeGreaterThanOrEqual(begun);
    expect(back.replication.subscriptions.states[0]?.lapsedSinceMs).toBe(back.lapses[0]);
    const before = await countOf(back);
    await publish(10);
    await waitFor(async () => (await countOf(back)) === before + 10);
    expect(await subscriptionOf('away')).toMatchObject({ lapseState: 'returned' });

    // It dies before it has rebuilt: its next start is told again.
    await back.replication.stop();
    const again = await startService('away', () => rebuilt);
    await waitFor(() => again.lapses.length === 1);
    expect(again.lapses).toEqual(back.lapses);
    hasRebuilt();
    await waitFor(async () => (await subscriptionOf('away'))?.lapseState === undefined);
    await waitFor(() => again.replication.subscriptions.states[0]?.lapsedSinceMs === undefined);
  });

  it('learns it as well if it runs, but is stuck', async () => {
    let release = () => {};
    unstuck = new Promise<void>((resolve) => {
      release = resolve;
    });
    const stuck = await startService('stuck', async () => {});
    await publish(LIMIT * 3);
    await waitFor(() => stuck.lapses.length === 1, { what: 'the stuck service to learn of its lapse' });
    release();
    await waitFor(() => stuck.replication.isReplicating);
    await publish(5);
    await waitFor(async () => {
      const { rows } = await stuck.database.pool.query('SELECT FROM project WHERE id = $1', [`p${published}`]);
      return rows.length === 1;
    });
  });

  it('lapses all the same if the manager that does it is killed in the middle', async () => {
    const doomed = await startService('doomed');
    await doomed.replication.stop();
    await Promise.all(managers.map((one) => one.stop()));
    const crashing = await startManager({ CRASH_AT: 'lapse.marked' });
    await publish(LIMIT + 200);
    await waitFor(() => !crashing.isRunning, { what: 'the manager to crash' });
    expect(await broker.topology.inspectQueue('doomed.queue')).toBeDefined();
    await startManager();
    await lapsed('doomed', 'dropped');
    expect(await broker.topology.inspectQueue('doomed.queue')).toBeUndefined();
    const back = await startService('doomed', async () => {});
    await waitFor(() => back.lapses.length === 1);
    await publish(3);
    await waitFor(async () => (await countOf(back)) === 3);
  });
});
