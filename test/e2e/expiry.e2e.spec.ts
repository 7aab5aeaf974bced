import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import type { ReplicaHandler, Replication } from '@dbem/replica';
import { intakeMessage, RabbitMqBroker, serviceQueueOf } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SubscriptionView } from '../../apps/event-manager/src/subscriptions/subscription-view';
import { AppProcess } from '../../tools/apps/app-process';
import type { AppInstance } from '../support/apps/app-instance';
import { InProcessApp } from '../support/apps/in-process-app';
import { logFolder } from '../support/apps/log-folder';
import { request } from '../support/http/http';
import { replicationOver } from '../support/replica/replication-over';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { type FreshVhost, freshVhost } from '../support/servers/fresh-vhost';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';

const TOKEN = 'a-token-of-the-tests-own';
const PUBLISHER = 'registry';
const LIMIT = 1_000;

/** A subscriber whose replica is a set of ids. */
interface Service {
  readonly name: string;
  readonly replication: Replication;
  readonly database: FreshDatabase;
  readonly expires: number[];
}

/** A promise and the function that resolves it. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe('A subscription whose backlog exceeds the limit', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let broker: RabbitMqBroker;
  const managers: AppInstance[] = [];
  let crashing: AppProcess | undefined;
  const databases = new Map<string, FreshDatabase>();
  const running = new Map<string, Replication>();
  let published = 0;
  /** The handler of the service `stuck` awaits this before it writes. */
  let stuckUntil: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    await Promise.all([startManager(), startManager()]);
    broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
  });

  /** So that no service of one test exceeds the limit in another. */
  afterEach(async () => {
    for (const [name, replication] of running) {
      await replication.stop();
      // 503: not every manager routed by the change in time. The client is to repeat the request.
      const isRemoved = async () => {
        const { status } = await admin('DELETE', `/subscriptions/${PUBLISHER}/${name}?queue=delete`);
        if (status !== 503) expect([204, 404], name).toContain(status);
        return status !== 503;
      };
      await waitFor(isRemoved, { what: `the subscription of ${name} to be removed` });
    }
    running.clear();
  });

  afterAll(async () => {
    await broker?.stop();
    await stopManagers();
    await crashing?.stop();
    await Promise.all([vhost.drop(), root.drop(), ...[...databases.values()].map((database) => database.drop())]);
  });

  const managerEnv = () => ({
    AMQP_URL: vhost.amqpUrl,
    ZOOKEEPER_CONNECT: root.connectString,
    ADMIN_TOKEN: TOKEN,
    ADMIN_RATE_LIMIT: '100000',
    BACKLOG_MAX_EVENTS: String(LIMIT),
  });

  async function startManager(): Promise<void> {
    const manager = await InProcessApp.start('event-manager', managerEnv());
    managers.push(manager);
    await manager.waitUntilReady();
  }

  async function stopManagers(): Promise<void> {
    await Promise.all(managers.splice(0).map((manager) => manager.stop()));
  }

  async function startService(name: string, rebuild?: () => Promise<void>): Promise<Service> {
    let database = databases.get(name);
    if (database === undefined) {
      database = await freshDatabase('replica');
      databases.set(name, database);
      await database.pool.query('CREATE TABLE project (id text PRIMARY KEY)');
    }
    const handler: ReplicaHandler = {
      publisher: PUBLISHER,
      codec: projectCodec,
      upsert: async (changes, transaction) => {
        if (name === 'stuck') await stuckUntil;
        await transaction.query('INSERT INTO project SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [
          changes.map(({ entityId }) => entityId),
        ]);
      },
      remove: async () => {},
    };
    const replication = await replicationOver(broker, [handler], {
      service: name,
      pool: database.pool,
      // A message may carry 500 events, and what a service has in hand is no backlog.
      applier: { prefetch: 1 },
    });
    const expires: number[] = [];
    if (rebuild !== undefined) {
      replication.subscriptions.onExpired(async (_subscription, sinceMs) => {
        expires.push(sinceMs);
        await rebuild();
      });
    }
    running.set(name, replication);
    await replication.start();
    await waitFor(() => replication.isReplicating, { what: `${name} to replicate` });
    return { name, replication, database, expires };
  }

  async function publish(count: number): Promise<void> {
    const bodies = Array.from({ length: count }, () => {
      published += 1;
      const [id, version] = [`p${published}`, BigInt(published)];
      const entity = projectCodec.encode({ projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' });
      const key = { publisher: PUBLISHER, entityType: 'PROJECT', crudType: 'CREATE' } as const;
      return encodeEvent({ ...key, entity, version, entityId: id, eventId: `e${id}`, changeTimeMs: 1 });
    });
    await Promise.all(bodies.map((body) => broker.publish(intakeMessage({ body }))));
  }

  const admin = <Body = Record<string, unknown>>(method: string, path: string) =>
    request<Body>(method, `${managers[0]?.url}/admin/v1${path}`, { token: TOKEN });
  const queueOf = (service: string) => broker.topology.inspectQueue(serviceQueueOf(service));
  const countOf = async ({ database }: Service) =>
    Number((await database.pool.query('SELECT count(*) FROM project')).rows[0].count);
  const subscriptionOf = async (subscriber: string) => {
    const path = `/subscriptions?subscriber=${subscriber}`;
    return (await admin<{ items: SubscriptionView[] }>('GET', path)).body.items[0];
  };
  const isExpired = (subscriber: string, expiryState: SubscriptionView['expiryState']) =>
    waitFor(async () => (await subscriptionOf(subscriber))?.expiryState === expiryState, {
      what: `the expiry of ${subscriber} to be ${expiryState}`,
    });

  it('An expired subscription loses its queue without delaying others, and its subscriber gets the time of expiry when it returns', async () => {
    const steady = await startService('steady');
    const away = await startService('away');
    await publish(10);
    await waitFor(async () => (await countOf(away)) === 10 && (await countOf(steady)) === 10);
    await away.replication.stop();
    const begunAtMs = Date.now();

    // In parts, so that the backlog of the running service stays below the limit.
    for (let part = 0; part < 3; part += 1) {
      await publish(LIMIT / 2);
      await waitFor(async () => (await countOf(steady)) === published);
    }
    await isExpired('away', 'dropped');
    expect(await queueOf('away')).toBeUndefined();
    expect((await subscriptionOf('steady'))?.expiryState).toBeUndefined();
    const health = await request('GET', `${managers[0]?.url}/health/ready`, { token: TOKEN });
    expect(health.status).toBe(200);
    expect(health.body).toMatchObject({ details: { subscriptionMap: { expired: ['away'] } } });
    await waitFor(() => managers.some(({ log }) => log.includes('expired the subscriptions of a subscriber')));

    // Its queue is not declared again while it is down.
    await publish(100);
    await waitFor(async () => (await countOf(steady)) === published);
    expect(await queueOf('away')).toBeUndefined();

    const rebuilt = gate();
    const back = await startService('away', () => rebuilt.passed);
    await waitFor(() => back.expires.length === 1);
    expect(back.expires[0]).toBeGreaterThanOrEqual(begunAtMs);
    expect(back.replication.subscriptions.states[0]?.expiredSinceMs).toBe(back.expires[0]);
    const before = await countOf(back);
    await publish(10);
    await waitFor(async () => (await countOf(back)) === before + 10);
    expect(await subscriptionOf('away')).toMatchObject({ expiryState: 'returned' });

    // It stops before it has rebuilt: it is notified again at its next start.
    await back.replication.stop();
    const again = await startService('away', () => rebuilt.passed);
    await waitFor(() => again.expires.length === 1);
    expect(again.expires).toEqual(back.expires);
    rebuilt.open();
    await isExpired('away', undefined);
    await waitFor(() => again.replication.subscriptions.states[0]?.expiredSinceMs === undefined);
  });

  it('A running subscriber that is stuck is notified that its subscription expired, and replicates again', async () => {
    const unstuck = gate();
    stuckUntil = unstuck.passed;
    const stuck = await startService('stuck', async () => {});
    await publish(LIMIT * 3);
    await waitFor(() => stuck.expires.length === 1, { what: 'the stuck service to be notified of its expiry' });
    expect(await countOf(stuck)).toBe(0);
    unstuck.open();
    await waitFor(() => stuck.replication.isReplicating);
    await publish(5);
    await waitFor(async () => {
      const { rows } = await stuck.database.pool.query('SELECT FROM project WHERE id = $1', [`p${published}`]);
      return rows.length === 1;
    });
  });

  it('A subscription expires even if the manager that expires it is killed halfway', async () => {
    const doomed = await startService('doomed');
    await doomed.replication.stop();
    await stopManagers();
    const env = { ...managerEnv(), CRASH_AT: 'expiry.marked' };
    crashing = await AppProcess.start({ app: 'event-manager', env, logFolder });
    await crashing.waitUntilReady();
    await publish(LIMIT + 200);
    await waitFor(() => crashing?.isRunning === false, { what: 'the manager to crash' });
    expect(crashing.exitCode).toBeNull();
    // The manager has marked the subscription, and died before it deleted the queue.
    expect((await queueOf('doomed'))?.messages).toBeGreaterThan(0);
    await startManager();
    await isExpired('doomed', 'dropped');
    expect(await queueOf('doomed')).toBeUndefined();
    const back = await startService('doomed', async () => {});
    await waitFor(() => back.expires.length === 1);
    await publish(3);
    await waitFor(async () => (await countOf(back)) === 3);
  });
});
