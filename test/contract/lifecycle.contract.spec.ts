import type { Lifecycle } from '@dbem/db-event';
import { Heartbeat, InMemoryOutboxStore, PostgresOutboxStore, Relay, TombstoneSweep } from '@dbem/outbox';
import { Database, NotificationListener } from '@dbem/postgres';
import { InMemoryRunStore, ZooKeeperRunStore } from '@dbem/reconcile';
import { createApplier, HandlerTable, ReplicaWatch, SubscriptionClient, VersionSweep } from '@dbem/replica';
import { PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import { InMemorySubscriptionRegistry, ZooKeeperSubscriptionRegistry } from '@dbem/subscription-registry';
import {
  InMemoryBroker,
  QueueContents,
  RabbitMqBroker,
  RequestClient,
  RequestServer,
  StatusReporter,
} from '@dbem/transport';
import { Pool } from 'pg';
import { afterAll, describe, it } from 'vitest';
import { ReconcileRunner } from '../../apps/event-manager/src/reconcile/reconcile-runner';
import { replicationOver } from '../support/replica/replication-over';

/** No server listens here: a component must start and stop without its server. */
const NOWHERE = '127.0.0.1:1';

const pool = new Pool({ connectionString: `postgres://nobody@${NOWHERE}/none` });
const broker = new InMemoryBroker();

afterAll(() => pool.end());

const COMPONENTS: Record<string, () => Lifecycle | Promise<Lifecycle>> = {
  PeriodicTask: () => new PeriodicTask(() => pool.query('SELECT'), { intervalMs: 10, onError: () => {} }),
  InMemoryBroker: () => new InMemoryBroker(),
  RabbitMqBroker: () => new RabbitMqBroker({ url: `amqp://${NOWHERE}` }),
  InMemorySubscriptionRegistry: () => new InMemorySubscriptionRegistry(),
  ZooKeeperSubscriptionRegistry: () => new ZooKeeperSubscriptionRegistry({ connectString: NOWHERE }),
  InMemoryOutboxStore: () => new InMemoryOutboxStore(),
  PostgresOutboxStore: () => new PostgresOutboxStore(pool),
  Relay: () => new Relay(new PostgresOutboxStore(pool), broker, { service: 'a' }),
  RequestClient: () => new RequestClient(broker),
  RequestServer: () => new RequestServer(broker, { service: 'a', role: 'replica' }),
  StatusReporter: () => {
    const reporter = new StatusReporter(broker);
    reporter.add('a', async () => ({ received: [] }));
    return reporter;
  },
  Applier: () => createApplier(broker, pool, new HandlerTable([]), { service: 'a' }),
  SubscriptionClient: () =>
    new SubscriptionClient(broker, [{ publisher: 'b', subscriber: 'a' }], { service: 'a', requestTimeoutMs: 100 }),
  Replication: () => replicationOver(broker, [], { service: 'a', pool }),
  NotificationListener: () => new NotificationListener(pool, 'a', () => {}),
  ReplicaWatch: () => new ReplicaWatch(pool),
  VersionSweep: () => new VersionSweep(pool, { handledPublishers: ['b'] }),
  TombstoneSweep: () => new TombstoneSweep(pool),
  Heartbeat: () => new Heartbeat(pool),
  InMemoryRunStore: () => new InMemoryRunStore(),
  ZooKeeperRunStore: () => new ZooKeeperRunStore({ connectString: NOWHERE }),
  ReconcileRunner: () =>
    new ReconcileRunner(
      new ZooKeeperRunStore({ connectString: NOWHERE }),
      broker,
      new QueueContents(),
      new RequestClient(broker),
      SILENT_LOG,
    ),
  Database: () => new Database({ url: `postgres://nobody@${NOWHERE}/none`, applicationName: 'a', migrations: {} }),
};

describe.each(Object.entries(COMPONENTS))('%s', (name, make) => {
  it(`${name} starts without its server and can be stopped twice`, async () => {
    const component = await make();
    await component.start();
    await component.stop();
    await component.stop();
  });

  it(`${name} can be stopped before it was started`, async () => {
    await (await make()).stop();
  });

  it(`${name} can be started twice concurrently`, async () => {
    const component = await make();
    await Promise.all([component.start(), component.start()]);
    await component.stop();
  });
});
