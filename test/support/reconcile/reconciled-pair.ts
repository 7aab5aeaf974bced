import type { EntityVersion, Queryable } from '@dbem/db-event';
import { type Project, projectCodec } from '@dbem/entity-codec';
import { created, deleted, OutboxChangePublisher, OutboxModule, updated } from '@dbem/outbox';
import { inTransaction } from '@dbem/postgres';
import {
  Clock,
  type ReconcileRun,
  RemoteReplicaEndpoint,
  RemoteSourceEndpoint,
  RunExecution,
  type RunRequest,
  startRun,
} from '@dbem/reconcile';
import { type ReplicaChange, ReplicaModule, Replication } from '@dbem/replica';
import { pause } from '@dbem/runtime';
import {
  declareManagerTopology,
  declareServiceTopology,
  INTAKE_QUEUE,
  QueueContents,
  RabbitMqBroker,
  RequestClient,
  RequestServers,
  serviceQueueOf,
} from '@dbem/transport';
import type { INestApplication } from '@nestjs/common';
import type { Pool } from 'pg';
import { QueueThrottle } from '../../../apps/event-manager/src/reconcile/queue-throttle';
import { startServiceApp } from '../apps/service-app';
import { type FreshDatabase, freshDatabase } from '../servers/fresh-database';
import { type FreshVhost, freshVhost } from '../servers/fresh-vhost';
import { waitFor } from '../waiting/wait-for';
import { PROJECT_SOURCE, PROJECT_TABLE, PUBLISHER, projectHandler, projectOf, SUBSCRIBER } from './project-tables';
import { StandInManager } from './stand-in-manager';

const KEY = { publisher: PUBLISHER, subscriber: SUBSCRIBER, entityType: 'PROJECT' } as const;

const UNTHROTTLED = { maxRowsPerSecond: 1_000_000, maxQueueDepth: 1_000_000 };

/** Small, so that a few hundred changes make a backlog. */
const APPLIER = { prefetch: 150, maxBatch: 50 };

class WallClock extends Clock {
  now(): number {
    return Date.now();
  }
  pause(ms: number): Promise<void> {
    return pause(ms);
  }
}

/**
 * A publisher and a subscriber on databases of their own, with a broker and a stand-in for the event manager between
 * them.
 */
export class ReconciledPair {
  readonly handled: ReplicaChange<Project>[];
  /** The current or latest run, as it was last saved. */
  latest: ReconcileRun | undefined;
  readonly manager: StandInManager;
  private readonly publisher = new OutboxChangePublisher(PUBLISHER);
  private readonly client: RequestClient;

  private constructor(
    private readonly vhost: FreshVhost,
    private readonly sourceDatabase: FreshDatabase,
    private readonly replicaDatabase: FreshDatabase,
    private readonly broker: RabbitMqBroker,
    private readonly apps: { readonly source: INestApplication; readonly replica: INestApplication },
    handled: ReplicaChange<Project>[],
  ) {
    this.handled = handled;
    this.client = new RequestClient(broker);
    this.manager = new StandInManager(broker);
  }

  static async start(): Promise<ReconciledPair> {
    const [vhost, source, replica] = await Promise.all([
      freshVhost(),
      freshDatabase('outbox'),
      freshDatabase('replica'),
    ]);
    for (const { pool } of [source, replica]) await pool.query(PROJECT_TABLE);
    const broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, SUBSCRIBER, 'quorum');
    const handled: ReplicaChange<Project>[] = [];
    const apps = await startApps(vhost.amqpUrl, source.pool, replica.pool, handled);
    const pair = new ReconciledPair(vhost, source, replica, broker, apps, handled);
    await pair.client.start();
    const servers = [apps.source, apps.replica].map((app) => app.get(RequestServers, { strict: false }));
    await waitFor(() => pair.client.isRegistered && servers.every(({ areRegistered }) => areRegistered));
    return pair;
  }

  async stop(): Promise<void> {
    const { apps, client, manager } = this;
    await Promise.all([apps.source.close(), apps.replica.close(), client.stop(), manager.stop()]);
    await this.broker.stop();
    await Promise.all([this.vhost.drop(), this.sourceDatabase.drop(), this.replicaDatabase.drop()]);
  }

  /** Before each test: empties both endpoints, after everything in transit has arrived. */
  async begin(): Promise<void> {
    this.manager.deliversChanges = true;
    // Queues keep their order, so everything published earlier has been forwarded when this arrives.
    await this.applied(await this.write('create', 'last of the test before'));
    await waitFor(() => this.handledCount >= this.manager.forwarded);
    await this.source.query('TRUNCATE project, db_event.outbox, db_event.entity_version');
    await this.replica.query(
      'TRUNCATE project, db_event.replica_version, db_event.replica_horizon, db_event.deferred_event',
    );
    this.handled.length = 0;
    this.manager.lost = 0;
    this.latest = undefined;
  }

  private get replication(): Replication {
    return this.apps.replica.get(Replication, { strict: false });
  }

  get source(): Pool {
    return this.sourceDatabase.pool;
  }

  get replica(): Pool {
    return this.replicaDatabase.pool;
  }

  /** Writes and publishes a change. @returns its version */
  async write(
    act: 'create' | 'update' | 'delete',
    id: string,
    name = 'n',
    transaction?: Queryable,
  ): Promise<EntityVersion> {
    if (transaction === undefined) return inTransaction(this.source, (client) => this.write(act, id, name, client));
    const project = projectOf({ id, name, description: null });
    if (act === 'delete') {
      await transaction.query('DELETE FROM project WHERE id = $1', [id]);
      return this.publisher.publish(transaction, deleted(projectCodec, project));
    }
    await transaction.query(
      'INSERT INTO project VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = NULL',
      [id, name],
    );
    return this.publisher.publish(transaction, (act === 'create' ? created : updated)(projectCodec, project));
  }

  /** Resolves when the replica has this version of the entity, or a later one. */
  async applied(version: EntityVersion): Promise<void> {
    const outcome = await this.replication.watch.waitFor([version], { timeoutMs: 60_000 });
    if (outcome !== 'applied') throw new Error(`Version ${version.version} of ${version.entityId} did not arrive`);
  }

  /** Resolves with the run when it is over. */
  reconcile(kind: RunRequest['kind'], verifyAfterMs = 400): Promise<ReconcileRun> {
    const run = startRun({ ...KEY, kind, requestedBy: 'test', options: { verifyAfterMs } });
    return new RunExecution(run, {
      source: new RemoteSourceEndpoint(this.client, KEY),
      replica: new RemoteReplicaEndpoint(this.client, KEY),
      throttle: new QueueThrottle(
        this.broker,
        new QueueContents(),
        SUBSCRIBER,
        { ...run.options, ...UNTHROTTLED },
        new AbortController().signal,
      ),
      clock: new WallClock(),
      save: async (saved) => {
        this.latest = saved;
      },
    }).execute();
  }

  async areEqual(): Promise<boolean> {
    const [source, replica] = await Promise.all(
      [this.source, this.replica].map((pool) => pool.query('SELECT * FROM project ORDER BY id')),
    );
    return JSON.stringify(source?.rows) === JSON.stringify(replica?.rows);
  }

  /** Messages waiting for the subscriber. */
  async backlog(): Promise<number> {
    return (await this.broker.topology.inspectQueue(serviceQueueOf(SUBSCRIBER)))?.messages ?? 0;
  }

  /** True if nothing waits in the outbox or in a queue. */
  async isQuiet(): Promise<boolean> {
    const { rows } = await this.source.query('SELECT FROM db_event.outbox LIMIT 1');
    const manager = await this.broker.topology.inspectQueue(INTAKE_QUEUE);
    return rows.length === 0 && manager?.messages === 0 && (await this.backlog()) === 0;
  }

  /** Events that the subscriber has applied, skipped as stale, deferred or parked. */
  private get handledCount(): number {
    const { applied, stale, deferredCount, parkedCount } = this.replication.counts;
    return applied + stale + deferredCount + parkedCount;
  }
}

/** The publisher, without heartbeats, and the subscriber, whose handler records the changes that it gets. */
async function startApps(amqpUrl: string, source: Pool, replica: Pool, handled: ReplicaChange<Project>[]) {
  const outbox = { service: PUBLISHER, pool: source, sources: [PROJECT_SOURCE], heartbeatIntervalMs: 0 };
  const replication = { service: SUBSCRIBER, pool: replica, applier: APPLIER };
  return {
    source: await startServiceApp(amqpUrl, [OutboxModule.forRoot(outbox)]),
    replica: await startServiceApp(amqpUrl, [ReplicaModule.forRoot(replication)], [projectHandler(handled)]),
  };
}
