import type { Queryable } from '@dbem/db-event';
import { type Project, projectCodec } from '@dbem/entity-codec';
import {
  type Applier,
  ApplierCounts,
  type ApplierObserver,
  type ApplyMany,
  createApplier,
  HandlerTable,
  type ReplicaChange,
} from '@dbem/replica';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import {
  batchMessage,
  type Delivery,
  declareManagerTopology,
  declareServiceTopology,
  elementOf,
  parkedQueueOf,
  RabbitMqBroker,
  RETRIED_QUEUE,
  serviceQueueOf,
} from '@dbem/transport';
import type { Pool } from 'pg';
import { type FreshDatabase, freshDatabase } from '../servers/fresh-database';
import { type FreshVhost, freshVhost } from '../servers/fresh-vhost';
import { waitFor } from '../waiting/wait-for';
import { PUBLISHER } from './project-events';

export interface Written {
  readonly id: string;
  readonly name: string;
}

/** What the appliers of one test did. */
class Observations {
  readonly counts = new ApplierCounts();
  readonly handled: ReplicaChange<Project>[] = [];
  readonly retried: Delivery[] = [];
  readonly warnings: string[] = [];
}

/**
 * Appliers on the database and vhost of their spec file, with records of what they handle and write. Each test gets its
 * own service, so that appliers of other tests do not receive its events, and an empty replica.
 */
export class ApplierHarness {
  service = '';
  /** Called by the upsert after its writes; a test may make it fail. */
  interfere: (changes: readonly ReplicaChange<Project>[], transaction: Queryable) => Promise<void> = async () => {};
  private tests = 0;
  private observed = new Observations();
  private appliers: Applier[] = [];

  private constructor(
    readonly vhost: FreshVhost,
    readonly database: FreshDatabase,
    readonly broker: RabbitMqBroker,
  ) {}

  static async start(): Promise<ApplierHarness> {
    const [vhost, database] = await Promise.all([freshVhost(), freshDatabase('replica')]);
    await database.pool.query(
      'CREATE TABLE project (id text PRIMARY KEY, name text NOT NULL, written integer NOT NULL DEFAULT 1)',
    );
    const broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await declareManagerTopology(broker.topology);
    // As an event manager does.
    broker.consume(RETRIED_QUEUE, async (deliveries) => {
      await Promise.all(deliveries.map((delivery) => broker.publish(returnedMessage(delivery))));
    });
    return new ApplierHarness(vhost, database, broker);
  }

  /** To be called before each test. */
  async begin(): Promise<void> {
    this.tests += 1;
    this.service = `sharing.${this.tests}`;
    this.observed = new Observations();
    this.interfere = async () => {};
    await this.database.pool.query(
      'TRUNCATE project, db_event.replica_version, db_event.replica_horizon, db_event.deferred_event',
    );
    await declareServiceTopology(this.broker.topology, this.service, 'quorum');
  }

  /** To be called after each test. */
  async end(): Promise<void> {
    await Promise.all(this.appliers.splice(0).map((applier) => applier.stop()));
  }

  async stop(): Promise<void> {
    await this.broker.stop();
    await Promise.all([this.vhost.drop(), this.database.drop()]);
  }

  get counts(): ApplierCounts {
    return this.observed.counts;
  }

  get handled(): readonly ReplicaChange<Project>[] {
    return this.observed.handled;
  }

  /** Deliveries that were published to a retry level. */
  get retried(): readonly Delivery[] {
    return this.observed.retried;
  }

  /** Messages of the appliers' warnings. */
  get warnings(): readonly string[] {
    return this.observed.warnings;
  }

  async startApplier(pool: Pool = this.database.pool, maxBatch = 20): Promise<Applier> {
    const { counts, retried, warnings } = this.observed;
    const log: Log = { ...SILENT_LOG, warn: (_details, message) => void warnings.push(message) };
    const observer: ApplierObserver = {
      committed: (result) => counts.committed(result),
      retried: (delivery) => {
        retried.push(delivery);
        counts.retried();
      },
      parked: () => counts.parked(),
    };
    const handler = { publisher: PUBLISHER, codec: projectCodec, upsert: this.upsert, remove: this.remove };
    const options = { service: this.service, observer, maxBatch, log };
    const applier = createApplier(this.broker, pool, new HandlerTable([handler]), options);
    this.appliers.push(applier);
    await applier.start();
    return applier;
  }

  send(body: Buffer, headers: Readonly<Record<string, unknown>> = {}): Promise<void> {
    return this.broker.publish({ exchange: '', routingKey: serviceQueueOf(this.service), body, headers });
  }

  async rows(): Promise<Written[]> {
    return (await this.database.pool.query<Written>('SELECT id, name FROM project ORDER BY id')).rows;
  }

  /** Waits until at least `count` events are applied, stale or parked. */
  async untilProcessed(count: number): Promise<void> {
    await waitFor(() => this.counts.applied + this.counts.stale + this.counts.parkedCount >= count);
  }

  /** Consumes `count` parked events. */
  async parked(count = 1): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    const queue = parkedQueueOf(this.service);
    const consumption = this.broker.consume(queue, async (batch) => void deliveries.push(...batch));
    await waitFor(() => deliveries.length >= count);
    await consumption.stop();
    return deliveries;
  }

  private readonly upsert: ApplyMany<Project> = async (changes, transaction) => {
    this.observed.handled.push(...changes);
    for (const { entity } of changes) {
      await transaction.query(
        `INSERT INTO project VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, written = project.written + 1`,
        [entity.projectID, entity.name],
      );
    }
    await this.interfere(changes, transaction);
  };

  private readonly remove: ApplyMany<Project> = async (changes, transaction) => {
    this.observed.handled.push(...changes);
    for (const { entityId } of changes) await transaction.query('DELETE FROM project WHERE id = $1', [entityId]);
  };
}

function returnedMessage(delivery: Delivery) {
  return batchMessage([elementOf(delivery)], '', serviceQueueOf(delivery.routingKey));
}
