import { Database } from '@dbem/platform';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase, waitFor } from '../support';

describe('Database', () => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = new Database({ url: fresh.url, applicationName: 'bereaved', migrations: {} });
    await database.start();
    await waitFor(() =>
      database.check().then(
        () => true,
        () => false,
      ),
    );
  });

  afterAll(async () => {
    await database?.stop();
    await fresh?.drop();
  });

  const endItsConnections = () =>
    fresh.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bereaved'`);

  it('outlives a connection that breaks in an open transaction, between two queries', async () => {
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: database.pool }) });
    const transaction = db.transaction().execute(async (trx) => {
      await sql`SELECT 1`.execute(trx);
      await endItsConnections();
      await waitFor(async () => {
        const { rows } = await fresh.pool.query(
          `SELECT FROM pg_stat_activity WHERE application_name = 'bereaved' AND state = 'idle in transaction'`,
        );
        return rows.length === 0;
      });
      await sql`SELECT 2`.execute(trx);
    });
    await expect(transaction).rejects.toThrow();
    await database.check();
  });

  it('outlives idle connections that break', async () => {
    await database.check();
    await endItsConnections();
    await waitFor(() =>
      database.check().then(
        () => true,
        () => false,
      ),
    );
  });
});
