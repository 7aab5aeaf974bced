import { migrate } from '@dbem/postgres';
import { REPLICA_SCHEMA_SQL, replicaMigrations } from '@dbem/replica';
import { afterEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';

const COLUMNS = `
  SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default
  FROM information_schema.columns WHERE table_schema = 'db_event' ORDER BY table_name, ordinal_position`;
const INDEXES = `SELECT indexdef FROM pg_indexes WHERE schemaname = 'db_event' ORDER BY indexdef`;

describe('The schema of a replica', () => {
  const databases: FreshDatabase[] = [];

  afterEach(async () => {
    await Promise.all(databases.splice(0).map((database) => database.drop()));
  });

  async function empty(): Promise<FreshDatabase> {
    const database = await freshDatabase();
    databases.push(database);
    return database;
  }

  const schemaOf = async ({ pool }: FreshDatabase) => [
    (await pool.query(COLUMNS)).rows,
    (await pool.query(INDEXES)).rows,
  ];

  it('The schema for a new database equals the one that the migrations make', async () => {
    const [whole, migrated] = [await empty(), await empty()];
    await whole.pool.query(REPLICA_SCHEMA_SQL);
    await migrate(migrated.pool, replicaMigrations);
    const schema = await schemaOf(whole);
    expect(schema).toEqual(await schemaOf(migrated));
    expect(schema[0]).toContainEqual(expect.objectContaining({ column_name: 'arrival', data_type: 'bigint' }));
    expect(schema[0]).not.toContainEqual(expect.objectContaining({ column_name: 'arrived_at' }));
  });

  it('A database that ordered events by time is migrated, and any arrival passes its gate', async () => {
    const { pool } = await empty();
    const { '0006_db_event_replica_arrival_number': _added, ...earlier } = replicaMigrations;
    await migrate(pool, earlier);
    await pool.query(
      `INSERT INTO db_event.replica_version (publisher, entity_type, entity_id, version, deleted, arrived_at)
       VALUES ('registry', 'PROJECT', 'p', 0, false, now())`,
    );
    await migrate(pool, replicaMigrations);
    const { rows } = await pool.query('SELECT entity_id, arrival FROM db_event.replica_version');
    expect(rows).toEqual([{ entity_id: 'p', arrival: null }]);
  });
});
