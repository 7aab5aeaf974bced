import type { Queryable, Version } from '@dbem/db-event';
import { type ApplyMany, createApplier, HandlerTable, type ReplicaHandler } from '@dbem/replica';
import { declareManagerTopology, declareServiceTopology, InMemoryBroker, serviceQueueOf } from '@dbem/transport';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashingPool } from '../support/causality/crashing-pool';
import { anyWrite, type Content, codecOf, LEVELS, type Named, play } from '../support/causality/dependent-writes';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { waitFor } from '../support/waiting/wait-for';

const SERVICE = 'subscriber';

describe('events of several publishers that depend on each other', () => {
  let database: FreshDatabase;
  let handled: { key: string; version: Version | undefined; isTooEarly: boolean }[] = [];
  let round = 0;
  let version = 0n;

  beforeAll(async () => {
    database = await freshDatabase('replica');
    await database.pool.query('CREATE TABLE replica (key text PRIMARY KEY, content text NOT NULL)');
    await database.pool.query('CREATE TABLE removed (key text NOT NULL, version bigint NOT NULL)');
  });

  afterAll(() => database?.drop());

  /** Writes the entity, and checks that everything it references exists in that transaction or was deleted. */
  const upsert: ApplyMany<Content> = async (changes, transaction) => {
    for (const { entity, version: applied } of changes) {
      const isTooEarly = !(await areThere(entity.named, transaction));
      handled.push({ key: entity.key, version: applied, isTooEarly });
      await transaction.query(
        'INSERT INTO replica VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET content = excluded.content',
        [entity.key, String(applied)],
      );
    }
  };
  const remove: ApplyMany<Content> = async (changes, transaction) => {
    for (const { entity, version: applied } of changes) {
      handled.push({ key: entity.key, version: applied, isTooEarly: false });
      await transaction.query('DELETE FROM replica WHERE key = $1', [entity.key]);
      await transaction.query('INSERT INTO removed VALUES ($1, $2)', [entity.key, String(applied)]);
    }
  };
  const handlers = new HandlerTable(
    LEVELS.map(
      ({ publisher, entityType }): ReplicaHandler<Content> => ({
        publisher,
        codec: codecOf(entityType),
        upsert,
        remove,
      }),
    ),
  );

  /**
   * Checks the tables of the handlers, because the version gate is ahead of them: if an entity was deleted and a later
   * event of the batch creates it again, the gate has the new state before the handler runs.
   */
  async function areThere(named: readonly Named[], transaction: Queryable): Promise<boolean> {
    for (const { key, minimumVersion } of named) {
      const { rows } = (await transaction.query(
        `SELECT FROM replica WHERE key = $1 AND content::bigint >= $2
         UNION ALL SELECT FROM removed WHERE key = $1 AND version >= $2`,
        [key, minimumVersion],
      )) as { rows: unknown[] };
      if (rows.length === 0) return false;
    }
    return true;
  }

  async function stateOf(prefix: string) {
    const deferred = await database.pool.query('SELECT entity_id FROM db_event.deferred_event');
    const rows = await database.pool.query('SELECT * FROM replica WHERE key LIKE $1 ORDER BY key', [`${prefix} %`]);
    return { deferred: deferred.rows, replica: rows.rows };
  }

  it('Events lead to the same replica under any interleaving and any crash, and none is handled before its dependencies', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyWrite, { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        fc.record({
          appliers: fc.integer({ min: 1, max: 2 }),
          maxBatch: fc.integer({ min: 1, max: 8 }),
          crashEvery: fc.constantFrom(0, 12, 40),
          sends: fc.integer({ min: 1, max: 2 }),
        }),
        async (writes, noise, { appliers: count, maxBatch, crashEvery, sends }) => {
          round += 1;
          handled = [];
          const draw = () => noise.next().value as number;
          const nextVersion = () => {
            version += 1n;
            return version;
          };
          const { bodies, replica } = play(writes, String(round), nextVersion);
          const sent = Array.from({ length: sends }, () => bodies.map((body) => ({ body, place: draw() })))
            .flat()
            .sort((left, right) => left.place - right.place);

          const broker = new InMemoryBroker();
          await broker.start();
          await declareManagerTopology(broker.topology);
          await declareServiceTopology(broker.topology, SERVICE, 'quorum');
          let mayCrash = crashEvery > 0;
          const pool = crashingPool(database.pool, () => {
            if (!mayCrash || draw() % crashEvery > 0) return 'none';
            return draw() % 2 === 0 ? 'before' : 'after';
          });
          const appliers = Array.from({ length: count }, () =>
            createApplier(broker, pool, handlers, { service: SERVICE, maxBatch }),
          );
          await Promise.all(appliers.map((applier) => applier.start()));
          try {
            for (const { body } of sent) {
              await broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body });
            }
            await waitFor(async () => (await broker.topology.inspectQueue(serviceQueueOf(SERVICE)))?.messages === 0);
            mayCrash = false;
            await expect
              .poll(() => stateOf(String(round)), { timeout: 60_000, interval: 10 })
              .toEqual({ deferred: [], replica });
          } finally {
            await Promise.all(appliers.map((applier) => applier.stop()));
            await broker.stop();
          }
          // Two appliers that defer events for each other leave no rows, not even a placeholder.
          expect(await stateOf(String(round))).toEqual({ deferred: [], replica });
          const placeholders = await database.pool.query('SELECT FROM db_event.replica_version WHERE version < 0');
          expect(placeholders.rowCount).toBe(0);
          expect(handled.filter(({ isTooEarly }) => isTooEarly)).toEqual([]);
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  }, 300_000);
});
