import type { CrudType, Dependency, EntityType, Queryable, Version } from '@dbem/db-event';
import { type EntityCodec, encodeEvent } from '@dbem/entity-codec';
import { migrate } from '@dbem/platform';
import { Applier, type ApplyMany, HandlerTable, type ReplicaChange, replicaMigrations } from '@dbem/replica';
import { declareManagerTopology, declareServiceTopology, InMemoryBroker, serviceQueueOf } from '@dbem/transport';
import fc from 'fast-check';
import { DatabaseError, type Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase, waitFor } from '../support';

const SERVICE = 'subscriber';

/** Three publishers in a row: groups depend on projects, projects on users, as each publisher saw them. */
const LEVELS = [
  { publisher: 'user.profile', entityType: 'USER_PROFILE', name: 'user' },
  { publisher: 'registry', entityType: 'PROJECT', name: 'project' },
  { publisher: 'groups', entityType: 'GROUP', name: 'group' },
] as const satisfies readonly { publisher: string; entityType: EntityType; name: string }[];

/** A write at one of the publishers, of one of two entities; a second one of the level above it is what it names. */
interface Write {
  readonly level: number;
  readonly entity: number;
  readonly named: readonly number[];
  readonly isDelete: boolean;
}

const write: fc.Arbitrary<Write> = fc.record({
  level: fc.integer({ min: 0, max: LEVELS.length - 1 }),
  entity: fc.integer({ min: 0, max: 1 }),
  named: fc.subarray([0, 1], { minLength: 1 }),
  isDelete: fc.boolean(),
});

interface Event {
  readonly key: string;
  readonly version: Version;
  readonly isDelete: boolean;
  readonly body: Buffer;
}

/** Fails a query now and then: at once, or after it was carried out, which for COMMIT means that nobody learns of it. */
function crashing(pool: Pool, strikes: () => 'none' | 'before' | 'after'): Pool {
  const connect = async () => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
    const wrapped = Object.create(client) as typeof client;
    Object.assign(wrapped, {
      query: async (...given: unknown[]) => {
        const strike = given[0] === 'ROLLBACK' ? 'none' : strikes();
        if (strike === 'before') throw crash();
        const answer = await query(...given);
        if (strike === 'after') throw crash();
        return answer;
      },
      release: (error?: Error | boolean) => client.release(error),
    });
    return wrapped;
  };
  return Object.assign(Object.create(pool) as Pool, { connect, query: pool.query.bind(pool) });
}

function crash(): Error {
  return Object.assign(new DatabaseError('a crash', 0, 'error'), { code: '57P01' });
}

describe('events of several publishers that depend on each other', () => {
  let database: FreshDatabase;
  let handled: { key: string; version: Version; tooEarly: boolean }[] = [];
  let round = 0;
  let version = 0n;

  beforeAll(async () => {
    database = await freshDatabase();
    await migrate(database.pool, replicaMigrations);
    await database.pool.query('CREATE TABLE replica (key text PRIMARY KEY, content text NOT NULL)');
  });

  afterAll(async () => {
    await database.drop();
  });

  /** Writes the entity, and looks whether all that it names is there in that transaction, or was deleted. */
  const upsert: ApplyMany<unknown> = async (changes, transaction) => {
    for (const change of changes) {
      const { key, named } = contentOf(change);
      handled.push({ key, version: change.version ?? 0n, tooEarly: !(await areThere(named, transaction)) });
      await transaction.query(
        'INSERT INTO replica VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET content = excluded.content',
        [key, String(change.version)],
      );
    }
  };
  const remove: ApplyMany<unknown> = async (changes, transaction) => {
    for (const change of changes) {
      const { key } = contentOf(change);
      handled.push({ key, version: change.version ?? 0n, tooEarly: false });
      await transaction.query('DELETE FROM replica WHERE key = $1', [key]);
    }
  };

  async function areThere(named: readonly Named[], transaction: Queryable): Promise<boolean> {
    for (const { key, entityId, minimumVersion } of named) {
      const { rows } = (await transaction.query(
        `SELECT FROM db_event.replica_version
         WHERE entity_id = $1 AND version >= $2 AND (deleted OR EXISTS (SELECT FROM replica WHERE key = $3))`,
        [entityId, minimumVersion, key],
      )) as { rows: unknown[] };
      if (rows.length === 0) return false;
    }
    return true;
  }

  /** The events of these writes, and the replica that they must lead to. */
  function play(writes: readonly Write[]) {
    const latest = new Map<string, { version: Version; isDelete: boolean }>();
    const events: Event[] = [];
    for (const { level, entity, named, isDelete } of writes) {
      version += 1n;
      const { publisher, entityType } = LEVELS[level] as (typeof LEVELS)[number];
      const key = keyOf(round, level, entity);
      const seen = named.flatMap((other) => {
        const namedKey = keyOf(round, level - 1, other);
        const state = latest.get(namedKey);
        if (state === undefined || state.isDelete) return [];
        const { publisher: of, entityType: type } = LEVELS[level - 1] as (typeof LEVELS)[number];
        return [{ key: namedKey, publisher: of, entityType: type, entityId: namedKey, minimumVersion: state.version }];
      });
      latest.set(key, { version, isDelete });
      const crudType: CrudType = isDelete ? 'DELETE' : 'UPDATE';
      const dependencies: Dependency[] | undefined = seen.length === 0 ? undefined : seen;
      const body = encodeEvent({
        publisher,
        entityType,
        entityId: key,
        version,
        crudType,
        entity: Buffer.from(JSON.stringify({ key, named: seen.map(asText) })),
        dependencies,
      });
      events.push({ key, version, isDelete, body });
    }
    const model = [...latest]
      .filter(([, { isDelete }]) => !isDelete)
      .map(([key, state]) => ({ key, content: String(state.version) }))
      .sort((left, right) => (left.key < right.key ? -1 : 1));
    return { events, model };
  }

  it('end the same under any interleaving and any crash, and no handler sees one before what it names', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(write, { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        fc.record({
          appliers: fc.integer({ min: 1, max: 2 }),
          maxBatch: fc.integer({ min: 1, max: 8 }),
          crashEvery: fc.constantFrom(0, 12, 40),
          copies: fc.integer({ min: 1, max: 2 }),
        }),
        async (writes, noise, { appliers: count, maxBatch, crashEvery, copies }) => {
          round += 1;
          handled = [];
          const draw = () => noise.next().value as number;
          const { events, model } = play(writes);
          const broker = new InMemoryBroker();
          await broker.start();
          await declareManagerTopology(broker.topology);
          await declareServiceTopology(broker.topology, SERVICE, 'quorum');
          const bodies = Array.from({ length: copies }, () => events.map(({ body }) => ({ body, place: draw() })))
            .flat()
            .sort((left, right) => left.place - right.place);
          let isQuiet = crashEvery === 0;
          const pool = crashing(database.pool, () => {
            if (isQuiet || draw() % crashEvery > 0) return 'none';
            return draw() % 2 === 0 ? 'before' : 'after';
          });
          const handlers = new HandlerTable(
            LEVELS.map(({ publisher, entityType }) => ({ publisher, codec: codecOf(entityType), upsert, remove })),
          );
          const appliers = Array.from(
            { length: count },
            () => new Applier(broker, pool, handlers, { service: SERVICE, maxBatch }),
          );
          await Promise.all(appliers.map((applier) => applier.start()));
          for (const { body } of bodies) {
            await broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body });
          }
          const replica = async () =>
            (await database.pool.query('SELECT * FROM replica WHERE key LIKE $1 ORDER BY key', [`${round} %`])).rows;
          const held = async () => (await database.pool.query('SELECT entity_id FROM db_event.held_event')).rows;
          await waitFor(async () => (await broker.topology.inspectQueue(serviceQueueOf(SERVICE)))?.messages === 0);
          isQuiet = true;
          const isSettled = async () =>
            (await held()).length === 0 && JSON.stringify(await replica()) === JSON.stringify(model);
          await waitFor(isSettled).catch(() => {});
          await Promise.all(appliers.map((applier) => applier.stop()));
          await broker.stop();
          // Two instances that hold for each other leave nothing behind, not even a placeholder.
          expect(await held()).toEqual([]);
          expect((await database.pool.query('SELECT FROM db_event.replica_version WHERE version < 0')).rowCount).toBe(
            0,
          );
          expect(await replica()).toEqual(model);
          expect(handled.filter(({ tooEarly }) => tooEarly)).toEqual([]);
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  }, 300_000);
});

interface Named {
  readonly key: string;
  readonly entityId: string;
  readonly minimumVersion: string;
}

function asText({ key, entityId, minimumVersion }: { key: string; entityId: string; minimumVersion: Version }): Named {
  return { key, entityId, minimumVersion: String(minimumVersion) };
}

function keyOf(round: number, level: number, entity: number): string {
  return `${round} ${LEVELS[level]?.name} ${entity}`;
}

function contentOf({ entity }: ReplicaChange<unknown>): { key: string; named: readonly Named[] } {
  return entity as { key: string; named: readonly Named[] };
}

/** The entities are only what the test needs to know of them. */
function codecOf(entityType: EntityType): EntityCodec<unknown> {
  return {
    entityType,
    encode: (entity) => Buffer.from(JSON.stringify(entity)),
    decode: (bytes) => JSON.parse(bytes.toString()),
    idOf: (entity) => (entity as { key: string }).key,
  };
}
