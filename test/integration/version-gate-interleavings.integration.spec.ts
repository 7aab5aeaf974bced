import type { Version } from '@dbem/db-event';
import { type EntityCodec, encodeEvent } from '@dbem/entity-codec';
import { migrate } from '@dbem/platform';
import { Applier, type ApplyMany, HandlerTable, replicaMigrations } from '@dbem/replica';
import { declareManagerTopology, declareServiceTopology, InMemoryBroker, serviceQueueOf } from '@dbem/transport';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordHistory } from '../support/faults/expectations/history';
import { type FreshDatabase, freshDatabase, waitFor } from '../support';

const SERVICE = 'subscriber';
const PUBLISHER = 'user.profile';
const KEYS = ['a', 'b', 'c'] as const;

/** A change at the publisher, and which of the appliers get it, how often. */
interface Change {
  readonly key: (typeof KEYS)[number];
  readonly isDelete: boolean;
  /** As from an old publisher. */
  readonly isUnversioned: boolean;
  readonly copies: readonly number[];
}

const change: fc.Arbitrary<Change> = fc.record({
  key: fc.constantFrom(...KEYS),
  isDelete: fc.boolean(),
  isUnversioned: fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 0),
  copies: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 }),
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

/** Each query waits for its turn, which `scheduler` draws: so transactions interleave at every step. */
function interleaved(pool: Pool, scheduler: fc.Scheduler): Pool {
  const connect = async () => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
    const wrapped = Object.create(client) as typeof client;
    Object.assign(wrapped, {
      query: async (...given: unknown[]) => {
        await scheduler.schedule(Promise.resolve());
        return query(...given);
      },
      release: (error?: Error | boolean) => client.release(error),
    });
    return wrapped;
  };
  return Object.assign(Object.create(pool) as Pool, { connect, query: pool.query.bind(pool) });
}

/** Gives turns until `work` is done. One that waits for a lock in the database asks for none meanwhile. */
async function takeTurns(scheduler: fc.Scheduler, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    if (scheduler.count() > 0) await scheduler.waitOne();
    else await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
}

describe('the version gate, with several appliers whose transactions interleave', () => {
  let database: FreshDatabase;
  let round = 0;
  let version = 0n;

  beforeAll(async () => {
    database = await freshDatabase();
    await migrate(database.pool, replicaMigrations);
    await database.pool.query(`
      CREATE TABLE replica (key text PRIMARY KEY, text text NOT NULL);
      CREATE TABLE effect (place bigserial PRIMARY KEY, key text NOT NULL, version bigint);`);
    await recordHistory(database.pool);
  });

  afterAll(async () => {
    await database.drop();
  });

  /** Notes its effects in its own transaction, so that only those of committed ones are seen. */
  const handle: (sql: string) => ApplyMany<unknown> = (sql) => async (changes, transaction) => {
    for (const { entity, version: applied } of changes) {
      const { key, text } = entity as Content;
      await transaction.query(sql, sql.includes('$2') ? [key, text] : [key]);
      await transaction.query('INSERT INTO effect (key, version) VALUES ($1, $2)', [key, applied ?? null]);
    }
  };
  const handlers = new HandlerTable([
    {
      publisher: PUBLISHER,
      codec: codec as EntityCodec<unknown>,
      upsert: handle('INSERT INTO replica VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET text = excluded.text'),
      remove: handle('DELETE FROM replica WHERE key = $1'),
    },
  ]);

  async function applierWith(bodies: readonly Buffer[], pool: Pool, maxBatch: number) {
    const broker = new InMemoryBroker();
    await broker.start();
    await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, SERVICE, 'quorum');
    for (const body of bodies) await broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body });
    let settled = 0;
    const observer = {
      settled: ({ applied, stale }: { applied: readonly unknown[]; stale: number }) => {
        settled += applied.length + stale;
      },
    };
    const applier = new Applier(broker, pool, handlers, { service: SERVICE, maxBatch, observer });
    return {
      run: async () => {
        await applier.start();
        await waitFor(() => settled >= bodies.length, { timeoutMs: 60_000, what: 'all events to be settled' });
        await applier.stop();
        await broker.stop();
      },
    };
  }

  /** The events of these changes, and per entity what may be its end. */
  function play(changes: readonly Change[]) {
    const ends = new Map<string, { newest: Version; allowed: (string | undefined)[]; isVersioned: boolean }>();
    const events: { body: Buffer; copies: readonly number[] }[] = [];
    for (const { key: name, isDelete, isUnversioned, copies } of changes) {
      version += 1n;
      const key = `${round}-${name}`;
      const text = `v${version}`;
      const end = ends.get(key) ?? { newest: 0n, allowed: [], isVersioned: true };
      const state = isDelete ? undefined : text;
      if (isUnversioned) {
        ends.set(key, { ...end, allowed: [...end.allowed, state], isVersioned: false });
      } else {
        // Of those with a version only the newest may stay; one without may have come after it.
        const unversioned = end.newest === 0n ? end.allowed : end.allowed.slice(1);
        ends.set(key, { ...end, newest: version, allowed: [state, ...unversioned] });
      }
      const body = encodeEvent({
        publisher: PUBLISHER,
        entityType: 'USER_PROFILE',
        crudType: isDelete ? 'DELETE' : 'UPDATE',
        entity: codec.encode({ key, text }),
        ...(!isUnversioned && { version, entityId: key }),
      });
      events.push({ body, copies });
    }
    return { events, ends };
  }

  it('ends at the newest version of each entity, without a step backwards and with each version’s effect once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(change, { minLength: 1, maxLength: 16 }),
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 2, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        async (scheduler, changes, noise, count, maxBatch) => {
          round += 1;
          const { events, ends } = play(changes);
          const pool = interleaved(database.pool, scheduler);
          const appliers = await Promise.all(
            Array.from({ length: count }, (_, applier) => {
              const bodies = events
                .flatMap(({ body, copies }) => copies.filter((to) => to % count === applier).map(() => body))
                .map((body) => ({ body, place: noise.next().value as number }))
                .sort((left, right) => left.place - right.place)
                .map(({ body }) => body);
              return applierWith(bodies, pool, maxBatch);
            }),
          );
          await takeTurns(scheduler, Promise.all(appliers.map((applier) => applier.run())));

          for (const [key, { newest, allowed, isVersioned }] of ends) {
            const { rows: replica } = await database.pool.query('SELECT text FROM replica WHERE key = $1', [key]);
            expect(allowed).toContain(replica[0]?.text);
            const { rows: gate } = await database.pool.query(
              'SELECT version FROM db_event.replica_version WHERE entity_id = $1',
              [key],
            );
            expect(BigInt(gate[0]?.version)).toBe(newest);
            const { rows: effects } = await database.pool.query(
              'SELECT version FROM effect WHERE key = $1 AND version IS NOT NULL ORDER BY place',
              [key],
            );
            const versions = effects.map((effect) => BigInt(effect.version));
            expect(versions).toEqual([...new Set(versions)].sort((left, right) => (left < right ? -1 : 1)));
            if (isVersioned) expect(allowed).toHaveLength(1);
          }
          const { rows: backwards } = await database.pool.query(
            'SELECT * FROM history WHERE version < earlier_version',
          );
          expect(backwards).toEqual([]);
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  }, 300_000);
});
