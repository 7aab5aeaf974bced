import type { Version } from '@dbem/db-event';
import { type EntityCodec, encodeEvent } from '@dbem/entity-codec';
import { type ApplyMany, createApplier, HandlerTable } from '@dbem/replica';
import {
  ARRIVAL_HEADER,
  declareManagerTopology,
  declareServiceTopology,
  InMemoryBroker,
  serviceQueueOf,
} from '@dbem/transport';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { expect } from 'vitest';
import { recordHistory } from '../faults/expectations/history';
import { type FreshDatabase, freshDatabase } from '../servers/fresh-database';
import { waitFor } from '../waiting/wait-for';
import { interleaved, runTicks } from './run-ticks';

const SERVICE = 'subscriber';
const PUBLISHER = 'user.profile';
const KEYS = ['a', 'b', 'c'] as const;

/** A change at the publisher, and the appliers that receive it. */
interface Change {
  readonly key: (typeof KEYS)[number];
  readonly isDelete: boolean;
  /** What orders its events. Those of a legacy publisher have an arrival, or neither. */
  readonly order: 'version' | 'arrival' | 'neither';
  /** One applier per delivery: its index, modulo the number of appliers. */
  readonly recipients: readonly number[];
}

const change: fc.Arbitrary<Change> = fc.record({
  key: fc.constantFrom(...KEYS),
  isDelete: fc.boolean(),
  order: fc.constantFrom('version', 'version', 'version', 'arrival', 'arrival', 'neither'),
  recipients: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 }),
});

interface Content {
  readonly key: string;
  readonly text: string;
}

const codec: EntityCodec<Content> = {
  entityType: 'USER_PROFILE',
  encode: (entity) => Buffer.from(JSON.stringify(entity)),
  decode: (bytes) => JSON.parse(bytes.toString()),
  idOf: ({ key }) => key,
};

/** Records its effects in the applier's transaction, so that only committed effects are visible. */
const handle =
  (sql: string): ApplyMany<Content> =>
  async (changes, transaction) => {
    for (const { entity } of changes) {
      const { key, text } = entity;
      await transaction.query(sql, sql.includes('$2') ? [key, text] : [key]);
      await transaction.query('INSERT INTO effect (key, text) VALUES ($1, $2)', [key, text]);
    }
  };

const handlers = new HandlerTable([
  {
    publisher: PUBLISHER,
    codec,
    upsert: handle('INSERT INTO replica VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET text = excluded.text'),
    remove: handle('DELETE FROM replica WHERE key = $1'),
  },
]);

/** The end of an entity. */
interface End {
  newest: Version;
  /** The allowed states: after the newest version, the latest arrival, and each event with neither. */
  readonly states: Map<string, string | undefined>;
}

interface Event {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Several appliers on one replica database, whose transactions interleave at every query. */
export class InterleavedAppliers {
  private round = 0;
  private version = 0n;

  private constructor(private readonly database: FreshDatabase) {}

  static async start(): Promise<InterleavedAppliers> {
    const database = await freshDatabase('replica');
    await database.pool.query(`
      CREATE TABLE replica (key text PRIMARY KEY, text text NOT NULL);
      CREATE TABLE effect (place bigserial PRIMARY KEY, key text NOT NULL, text text NOT NULL);`);
    await recordHistory(database.pool);
    return new InterleavedAppliers(database);
  }

  async stop(): Promise<void> {
    await this.database.drop();
  }

  /**
   * Expects every entity to end at its newest version or its latest arrival, without going backwards in either, and
   * with the effect of each version and each arrival once.
   */
  async expectConvergence(numRuns: number): Promise<void> {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(change, { minLength: 1, maxLength: 16 }),
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 2, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        async (scheduler, changes, noise, count, maxBatch) => {
          this.round += 1;
          const { events, ends } = this.play(changes);
          const pool = interleaved(this.database.pool, scheduler);
          const appliers = await Promise.all(
            Array.from({ length: count }, (_, applier) => {
              const received = events
                .flatMap(({ event, recipients }) => recipients.filter((to) => to % count === applier).map(() => event))
                .map((event) => ({ event, place: noise.next().value as number }))
                .sort((left, right) => left.place - right.place)
                .map(({ event }) => event);
              return applierWith(received, pool, maxBatch);
            }),
          );
          await runTicks(scheduler, Promise.all(appliers.map((applier) => applier.run())));
          for (const [key, end] of ends) await this.expectEnd(key, end);
          const { rows: backwards } = await this.database.pool.query(
            'SELECT * FROM history WHERE version < earlier_version',
          );
          expect(backwards).toEqual([]);
        },
      ),
      { numRuns, endOnFailure: true },
    );
  }

  /** The events of these changes, and the end of each entity. */
  private play(changes: readonly Change[]) {
    const ends = new Map<string, End>();
    const events: { event: Event; recipients: readonly number[] }[] = [];
    for (const { key: name, isDelete, order, recipients } of changes) {
      this.version += 1n;
      const key = `${this.round}-${name}`;
      const text = `${order} ${this.version}`;
      const end = ends.get(key) ?? { newest: 0n, states: new Map() };
      ends.set(key, end);
      if (order === 'version') end.newest = this.version;
      end.states.set(order === 'neither' ? text : order, isDelete ? undefined : text);
      const body = encodeEvent({
        publisher: PUBLISHER,
        entityType: 'USER_PROFILE',
        crudType: isDelete ? 'DELETE' : 'UPDATE',
        entity: codec.encode({ key, text }),
        ...(order === 'version' && { version: this.version, entityId: key }),
      });
      const headers = order === 'arrival' ? { [ARRIVAL_HEADER]: String(this.version) } : {};
      events.push({ event: { body, headers }, recipients });
    }
    return { events, ends };
  }

  private async expectEnd(key: string, { newest, states }: End): Promise<void> {
    const { pool } = this.database;
    const { rows: replica } = await pool.query('SELECT text FROM replica WHERE key = $1', [key]);
    expect([...states.values()]).toContain(replica[0]?.text);
    const { rows: gate } = await pool.query('SELECT version FROM db_event.replica_version WHERE entity_id = $1', [key]);
    expect(BigInt(gate[0]?.version)).toBe(newest);
    const { rows: effects } = await pool.query('SELECT text FROM effect WHERE key = $1 ORDER BY place', [key]);
    for (const order of ['version', 'arrival']) {
      const ofOrder = effects.map(({ text }) => text.split(' ')).filter(([its]) => its === order);
      const numbers = ofOrder.map(([, number]) => Number(number));
      expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
    }
  }
}

async function applierWith(events: readonly Event[], pool: Pool, maxBatch: number) {
  const broker = new InMemoryBroker();
  await broker.start();
  await declareManagerTopology(broker.topology);
  await declareServiceTopology(broker.topology, SERVICE, 'quorum');
  for (const event of events) await broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), ...event });
  let processed = 0;
  const observer = {
    committed: ({ applied, stale }: { applied: readonly unknown[]; stale: number }) => {
      processed += applied.length + stale;
    },
  };
  const applier = createApplier(broker, pool, handlers, { service: SERVICE, maxBatch, observer });
  return {
    run: async () => {
      await applier.start();
      await waitFor(() => processed >= events.length, { timeoutMs: 60_000, what: 'all events to be applied or stale' });
      await applier.stop();
      await broker.stop();
    },
  };
}
