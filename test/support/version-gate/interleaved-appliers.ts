import type { Version } from '@dbem/db-event';
import { type EntityCodec, encodeEvent } from '@dbem/entity-codec';
import { type ApplyMany, createApplier, HandlerTable } from '@dbem/replica';
import { declareManagerTopology, declareServiceTopology, InMemoryBroker, serviceQueueOf } from '@dbem/transport';
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
  /** From a legacy publisher. */
  readonly isUnversioned: boolean;
  /** One applier per delivery: its index, modulo the number of appliers. */
  readonly recipients: readonly number[];
}

const change: fc.Arbitrary<Change> = fc.record({
  key: fc.constantFrom(...KEYS),
  isDelete: fc.boolean(),
  isUnversioned: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
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
    for (const { entity, version: applied } of changes) {
      const { key, text } = entity;
      await transaction.query(sql, sql.includes('$2') ? [key, text] : [key]);
      await transaction.query('INSERT INTO effect (key, version) VALUES ($1, $2)', [key, applied ?? null]);
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

/** The allowed final states of an entity. */
interface End {
  readonly newest: Version;
  readonly allowed: readonly (string | undefined)[];
  readonly isVersioned: boolean;
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
      CREATE TABLE effect (place bigserial PRIMARY KEY, key text NOT NULL, version bigint);`);
    await recordHistory(database.pool);
    return new InterleavedAppliers(database);
  }

  async stop(): Promise<void> {
    await this.database.drop();
  }

  /**
   * Expects every entity to end at its newest version, without going backwards, and with the effect of each version
   * once.
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
              const bodies = events
                .flatMap(({ body, recipients }) => recipients.filter((to) => to % count === applier).map(() => body))
                .map((body) => ({ body, place: noise.next().value as number }))
                .sort((left, right) => left.place - right.place)
                .map(({ body }) => body);
              return applierWith(bodies, pool, maxBatch);
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

  /** The events of these changes, and the allowed final states of each entity. */
  private play(changes: readonly Change[]) {
    const ends = new Map<string, End>();
    const events: { body: Buffer; recipients: readonly number[] }[] = [];
    for (const { key: name, isDelete, isUnversioned, recipients } of changes) {
      this.version += 1n;
      const key = `${this.round}-${name}`;
      const text = `v${this.version}`;
      const end = ends.get(key) ?? { newest: 0n, allowed: [], isVersioned: true };
      const state = isDelete ? undefined : text;
      if (isUnversioned) {
        ends.set(key, { ...end, allowed: [...end.allowed, state], isVersioned: false });
      } else {
        // Of the events with a version only the newest may remain; an event without one may have arrived after it.
        const unversioned = end.newest === 0n ? end.allowed : end.allowed.slice(1);
        ends.set(key, { ...end, newest: this.version, allowed: [state, ...unversioned] });
      }
      const body = encodeEvent({
        publisher: PUBLISHER,
        entityType: 'USER_PROFILE',
        crudType: isDelete ? 'DELETE' : 'UPDATE',
        entity: codec.encode({ key, text }),
        ...(!isUnversioned && { version: this.version, entityId: key }),
      });
      events.push({ body, recipients });
    }
    return { events, ends };
  }

  private async expectEnd(key: string, { newest, allowed, isVersioned }: End): Promise<void> {
    const { pool } = this.database;
    const { rows: replica } = await pool.query('SELECT text FROM replica WHERE key = $1', [key]);
    expect(allowed).toContain(replica[0]?.text);
    const { rows: gate } = await pool.query('SELECT version FROM db_event.replica_version WHERE entity_id = $1', [key]);
    expect(BigInt(gate[0]?.version)).toBe(newest);
    const { rows: effects } = await pool.query(
      'SELECT version FROM effect WHERE key = $1 AND version IS NOT NULL ORDER BY place',
      [key],
    );
    const versions = effects.map((effect) => BigInt(effect.version));
    expect(versions).toEqual([...new Set(versions)].sort((left, right) => (left < right ? -1 : 1)));
    if (isVersioned) expect(allowed).toHaveLength(1);
  }
}

async function applierWith(bodies: readonly Buffer[], pool: Pool, maxBatch: number) {
  const broker = new InMemoryBroker();
  await broker.start();
  await declareManagerTopology(broker.topology);
  await declareServiceTopology(broker.topology, SERVICE, 'quorum');
  for (const body of bodies) await broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body });
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
      await waitFor(() => processed >= bodies.length, { timeoutMs: 60_000, what: 'all events to be applied or stale' });
      await applier.stop();
      await broker.stop();
    },
  };
}
