import type { Queryable } from '@dbem/db-event';
import { decodeMessage, encodeReply, type Project, projectCodec } from '@dbem/entity-codec';
import {
  type ChangePublisher,
  created,
  deleted,
  OutboxChangePublisher,
  outboxMigrations,
  PostgresOutboxStore,
  type ReconcileSource,
  Relay,
  serveSources,
  updated,
} from '@dbem/outbox';
import { inTransaction, migrate, pause } from '@dbem/platform';
import {
  Clock,
  type ReconcileRun,
  RpcReplicaSide,
  RpcSourceSide,
  RunExecution,
  type RunRequest,
  startRun,
} from '@dbem/reconcile';
import { type ApplyMany, type ReplicaChange, Replication, replicaMigrations } from '@dbem/replica';
import {
  declareManagerTopology,
  declareServiceTopology,
  MANAGER_QUEUE,
  RabbitMqBroker,
  RpcClient,
  RpcServer,
  serviceQueueOf,
} from '@dbem/transport';
import type { Pool } from 'pg';
import { QueuePace } from '../../../apps/event-manager/src/reconcile/queue-pace';
import { type FreshDatabase, type FreshVhost, freshDatabase, freshVhost, waitFor } from '..';

export const PUBLISHER = 'registry';
export const SUBSCRIBER = 'sharing';

interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
}

const SOURCE: ReconcileSource<Project, ProjectRow> = {
  codec: projectCodec,
  rows: 'SELECT id COLLATE "C" AS entity_id, * FROM project',
  fields: { projectID: 'id', name: 'name', description: 'description' },
  entityOf: projectOf,
  ghostOf: (id, known) => projectOf({ id, name: String(known.name ?? ''), description: null }),
};

function projectOf({ id, name, description }: ProjectRow): Project {
  return { projectID: id, owner: 'ada', gatewayId: 'gw', name, ...(description !== null && { description }) };
}

const UNHURRIED = { maxRowsPerSecond: 1_000_000, maxQueueDepth: 1_000_000 };

class WallClock extends Clock {
  now(): number {
    return Date.now();
  }
  pause(ms: number): Promise<void> {
    return pause(ms);
  }
}

/** A publisher and a subscriber on databases of their own, and between them a broker and what stands for the manager. */
export class ReconciledPair {
  readonly handled: ReplicaChange<Project>[] = [];
  /** False: events of changes are lost on their way; READs and removals of ghosts are not. */
  deliversChanges = true;
  /** So many were lost. */
  lost = 0;
  /** The run under way, or the last one, as it was saved last. */
  latest: ReconcileRun | undefined;

  private constructor(
    private readonly vhost: FreshVhost,
    private readonly sourceDatabase: FreshDatabase,
    private readonly replicaDatabase: FreshDatabase,
    readonly broker: RabbitMqBroker,
    private readonly parts: { stop(): Promise<void> }[],
    private readonly client: RpcClient,
  ) {}

  static async start(): Promise<ReconciledPair> {
    const [vhost, source, replica] = await Promise.all([freshVhost(), freshDatabase(), freshDatabase()]);
    await migrate(source.pool, outboxMigrations);
    await migrate(replica.pool, replicaMigrations);
    for (const { pool } of [source, replica]) {
      await pool.query('CREATE TABLE project (id text PRIMARY KEY, name text NOT NULL, description text)');
      await pool.query('CREATE INDEX ON project (id COLLATE "C")');
    }
    const broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, SUBSCRIBER, 'quorum');
    const client = new RpcClient(broker);
    const pair = new ReconciledPair(vhost, source, replica, broker, [], client);
    await pair.startParts();
    return pair;
  }

  get source(): Pool {
    return this.sourceDatabase.pool;
  }

  get replica(): Pool {
    return this.replicaDatabase.pool;
  }

  readonly publisher: ChangePublisher = new OutboxChangePublisher(PUBLISHER);

  async write(act: 'create' | 'update' | 'delete', id: string, name = 'n', transaction?: Queryable): Promise<void> {
    if (transaction === undefined) {
      await inTransaction(this.source, (client) => this.write(act, id, name, client));
      return;
    }
    const project = projectOf({ id, name, description: null });
    if (act === 'delete') {
      await transaction.query('DELETE FROM project WHERE id = $1', [id]);
      await this.publisher.publish(transaction, deleted(projectCodec, project));
      return;
    }
    await transaction.query(
      'INSERT INTO project VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = NULL',
      [id, name],
    );
    await this.publisher.publish(transaction, (act === 'create' ? created : updated)(projectCodec, project));
  }

  /** Resolves with the run when it is over. */
  reconcile(kind: RunRequest['kind'], settleMs = 400): Promise<ReconcileRun> {
    const key = { publisher: PUBLISHER, subscriber: SUBSCRIBER, entityType: 'PROJECT' } as const;
    const run = startRun({ ...key, kind, requestedBy: 'test', options: { settleMs } });
    return new RunExecution(run, {
      source: new RpcSourceSide(this.client, key),
      replica: new RpcReplicaSide(this.client, key),
      pace: new QueuePace(this.broker, SUBSCRIBER, { ...run.options, ...UNHURRIED }, new AbortController().signal),
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

  /** Nothing waits at the source or on the way. */
  async isQuiet(): Promise<boolean> {
    const { rows } = await this.source.query('SELECT FROM db_event.outbox LIMIT 1');
    const queues = await Promise.all(
      [MANAGER_QUEUE, serviceQueueOf(SUBSCRIBER)].map((name) => this.broker.topology.inspectQueue(name)),
    );
    return rows.length === 0 && queues.every((queue) => queue?.messages === 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.parts.map((part) => part.stop()));
    await this.broker.stop();
    await Promise.all([this.vhost.drop(), this.sourceDatabase.drop(), this.replicaDatabase.drop()]);
  }

  private async startParts(): Promise<void> {
    const { broker, source, replica } = this;
    const rpc = new RpcServer(broker, { service: PUBLISHER, role: 'publisher' });
    serveSources(rpc, [SOURCE], { pool: source, broker, service: PUBLISHER });
    const relay = new Relay(new PostgresOutboxStore(source), broker, { service: PUBLISHER });
    const replication = new Replication(broker, [this.handler()], { service: SUBSCRIBER, pool: replica });
    this.parts.push(relay, rpc, this.client, replication);
    await Promise.all([relay.start(), rpc.start(), this.client.start(), replication.start()]);
    broker.consume(MANAGER_QUEUE, async (batch) => {
      for (const { body, replyTo, correlationId } of batch) {
        const message = decodeMessage(body);
        if (message.kind !== 'event') {
          const answer = encodeReply({ status: 'ACCEPTED', services: [] });
          const reply = { exchange: '', routingKey: replyTo ?? '', body: answer, mandatory: false };
          await broker.publish({ ...reply, ...(correlationId !== undefined && { correlationId }) });
          continue;
        }
        if (message.event.recipient === undefined && !this.deliversChanges) {
          this.lost += 1;
          continue;
        }
        await broker.publish({ exchange: '', routingKey: serviceQueueOf(SUBSCRIBER), body });
      }
    });
    await waitFor(() => rpc.isAttached && this.client.isAttached && replication.rpc.isAttached);
  }

  private handler() {
    const upsert: ApplyMany<Project> = async (changes, transaction) => {
      this.handled.push(...changes);
      for (const { entity } of changes) {
        await transaction.query(
          `INSERT INTO project VALUES ($1, $2, $3)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description`,
          [entity.projectID, entity.name, entity.description ?? null],
        );
      }
    };
    const remove: ApplyMany<Project> = async (changes, transaction) => {
      this.handled.push(...changes);
      for (const { entityId } of changes) await transaction.query('DELETE FROM project WHERE id = $1', [entityId]);
    };
    return {
      publisher: PUBLISHER,
      codec: projectCodec,
      projection: {
        rows: 'SELECT id COLLATE "C" AS entity_id, * FROM project',
        fields: { projectID: 'id', name: 'name', description: 'description' },
      },
      upsert,
      remove,
    };
  }
}
