import type { Queryable } from '@dbem/db-event';
import { encodeEvent, type Project, projectCodec } from '@dbem/entity-codec';
import { type Log, migrate, SILENT_LOG } from '@dbem/platform';
import {
  Applier,
  ApplierCounts,
  type ApplyMany,
  HandlerTable,
  type ReplicaChange,
  replicaMigrations,
} from '@dbem/replica';
import {
  type Delivery,
  declareManagerTopology,
  declareServiceTopology,
  parkedQueueOf,
  RabbitMqBroker,
  serviceQueueOf,
} from '@dbem/transport';
import type { Pool } from 'pg';
import { type FreshDatabase, type FreshVhost, freshDatabase, freshVhost, waitFor } from '..';

export const SERVICE = 'sharing';
export const PUBLISHER = 'registry';

export interface Written {
  readonly id: string;
  readonly name: string;
}

/** Appliers of one service, on a database and a broker of their own; what they handle and write. */
export class ApplierHarness {
  readonly counts = new ApplierCounts();
  readonly handled: ReplicaChange<Project>[] = [];
  /** What the upsert does besides writing; a test may make it fail. */
  interfere: (changes: readonly ReplicaChange<Project>[], transaction: Queryable) => Promise<void> = async () => {};
  /** What the appliers warned of. */
  readonly warnings: string[] = [];
  private readonly appliers: Applier[] = [];

  private constructor(
    readonly vhost: FreshVhost,
    readonly database: FreshDatabase,
    readonly broker: RabbitMqBroker,
  ) {}

  static async start(): Promise<ApplierHarness> {
    const [vhost, database] = await Promise.all([freshVhost(), freshDatabase()]);
    await migrate(database.pool, replicaMigrations);
    await database.pool.query(
      'CREATE TABLE project (id text PRIMARY KEY, name text NOT NULL, written integer NOT NULL DEFAULT 1)',
    );
    const broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, SERVICE, 'quorum');
    return new ApplierHarness(vhost, database, broker);
  }

  async stop(): Promise<void> {
    await Promise.all(this.appliers.map((applier) => applier.stop()));
    await this.broker.stop();
    await Promise.all([this.vhost.drop(), this.database.drop()]);
  }

  get handlers(): HandlerTable {
    const { upsert, remove } = this;
    return new HandlerTable([{ publisher: PUBLISHER, codec: projectCodec, upsert, remove } as never]);
  }

  async startApplier(pool: Pool = this.database.pool, maxBatch = 20): Promise<Applier> {
    const log: Log = { ...SILENT_LOG, warn: (_details, message) => void this.warnings.push(message) };
    const options = { service: SERVICE, observer: this.counts, maxBatch, log };
    const applier = new Applier(this.broker, pool, this.handlers, options);
    this.appliers.push(applier);
    await applier.start();
    return applier;
  }

  async stopAppliers(): Promise<void> {
    await Promise.all(this.appliers.map((applier) => applier.stop()));
  }

  send(body: Buffer, headers: Record<string, unknown> = {}): Promise<void> {
    return this.broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body, headers });
  }

  async rows(): Promise<Written[]> {
    return (await this.database.pool.query<Written>('SELECT id, name FROM project ORDER BY id')).rows;
  }

  /** So many events are applied, found stale, or parked. */
  async settled(count: number): Promise<void> {
    await waitFor(() => this.counts.applied + this.counts.stale + this.counts.parkedCount >= count);
  }

  /** Takes what is parked. */
  async parked(count = 1): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    const consumption = this.broker.consume(parkedQueueOf(SERVICE), async (batch) => void deliveries.push(...batch));
    await waitFor(() => deliveries.length >= count);
    await consumption.stop();
    return deliveries;
  }

  private readonly upsert: ApplyMany<Project> = async (changes, transaction) => {
    this.handled.push(...changes);
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
    this.handled.push(...changes);
    for (const { entityId } of changes) await transaction.query('DELETE FROM project WHERE id = $1', [entityId]);
  };
}

/** An event of `PUBLISHER`; without a version, as an old publisher sends it. */
export function projectEvent(
  id: string,
  version: bigint | undefined,
  name: string,
  crudType: 'UPDATE' | 'DELETE' | 'READ' = 'UPDATE',
): Buffer {
  const entity = projectCodec.encode({ projectID: id, owner: 'ada', gatewayId: 'gw', name });
  const added =
    version === undefined ? {} : { version, entityId: id, eventId: `${PUBLISHER}:${version}`, changeTimeMs: 1 };
  return encodeEvent({ publisher: PUBLISHER, entityType: 'PROJECT', crudType, entity, ...added });
}
