import { firstVersionOfEpoch, type Queryable } from '@dbem/db-event';
import { projectCodec } from '@dbem/entity-codec';
import { created, OutboxChangePublisher, queryableOf, raiseEpoch } from '@dbem/outbox';
import { inTransaction } from '@dbem/postgres';
import { Kysely, PostgresDialect } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { project, SERVICE } from '../support/outbox/outbox-harness';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';

describe('OutboxChangePublisher', () => {
  const publisher = new OutboxChangePublisher(SERVICE);
  let database: FreshDatabase;

  beforeAll(async () => {
    database = await freshDatabase('outbox');
  });

  beforeEach(async () => {
    await database.pool.query('TRUNCATE db_event.outbox, db_event.entity_version');
  });

  afterAll(() => database?.drop());

  const publish = (transaction: Queryable, id: string) =>
    publisher.publish(transaction, created(projectCodec, project(id)));

  it('OutboxChangePublisher assigns increasing versions to one row, however many transactions write it concurrently', async () => {
    await database.pool.query('CREATE TABLE counter (value int); INSERT INTO counter VALUES (0)');
    const written: { value: number; version: bigint }[] = [];
    await Promise.all(
      Array.from({ length: 40 }, () =>
        inTransaction(database.pool, async (client) => {
          const { rows } = await client.query('UPDATE counter SET value = value + 1 RETURNING value');
          const { version } = await publish(client, 'p');
          written.push({ value: rows[0].value, version });
        }),
      ),
    );
    const byValue = written.sort((left, right) => left.value - right.value).map(({ version }) => version);
    expect(byValue).toHaveLength(40);
    expect(byValue).toEqual([...byValue].sort((left, right) => (left < right ? -1 : 1)));
  });

  it('OutboxChangePublisher publishes in transactions of pg, of Kysely and of a manager like TypeORM’s', async () => {
    const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: database.pool }) });
    await inTransaction(database.pool, (client) => publish(client, 'pg'));
    await kysely.transaction().execute((transaction) => publish(queryableOf(transaction), 'kysely'));
    const typeOrmLike = {
      query: async (sql: string, params?: unknown[]) => (await database.pool.query(sql, params)).rows,
    };
    await publish(typeOrmLike, 'typeorm');
    const { rows } = await database.pool.query('SELECT entity_id FROM db_event.outbox ORDER BY version');
    expect(rows.map(({ entity_id }) => entity_id)).toEqual(['pg', 'kysely', 'typeorm']);
  });

  it('OutboxChangePublisher publishes several changes in order', async () => {
    const changes = ['a', 'b', 'c'].map((id) => created(projectCodec, project(id)));
    const published = await publisher.publishAll(database.pool, changes);
    expect(published.map(({ entityId }) => entityId)).toEqual(['a', 'b', 'c']);
    const { rows } = await database.pool.query('SELECT version, entity_id FROM db_event.outbox ORDER BY version');
    expect(rows.map(({ version, entity_id }) => [BigInt(version), entity_id])).toEqual(
      published.map(({ version, entityId }) => [version, entityId]),
    );
    expect(await publisher.publishAll(database.pool, [])).toEqual([]);
  });

  it('OutboxChangePublisher assigns versions of the new epoch after the epoch was raised, and never lower ones', async () => {
    const { version: before } = await publish(database.pool, 'p');
    const first = await raiseEpoch(database.pool);
    expect(first).toBeGreaterThan(before);
    expect(first).toBeGreaterThanOrEqual(firstVersionOfEpoch(Date.now() - 60_000));
    expect((await publish(database.pool, 'q')).version).toBe(first);
    await raiseEpoch(database.pool, 0);
    expect((await publish(database.pool, 'p')).version).toBeGreaterThan(first);
  });
});
