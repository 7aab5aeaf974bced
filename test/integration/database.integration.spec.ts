import { Database } from '@dbem/postgres';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { waitFor } from '../support/waiting/wait-for';

const SESSIONS = `FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'broken'`;

describe('Database', () => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeAll(async () => {
    fresh = await freshDatabase();
    database = new Database({ url: fresh.url, applicationName: 'broken', migrations: {} });
    await database.start();
    await waitFor(isReachable);
  });

  afterAll(async () => {
    await database?.stop();
    await fresh?.drop();
  });

  const isReachable = () =>
    database.check().then(
      () => true,
      () => false,
    );

  /** Resolves with the number of its connections when all of them have ended. */
  async function endItsConnections(): Promise<number> {
    const { rows } = await fresh.pool.query(`SELECT pid, pg_terminate_backend(pid) ${SESSIONS}`);
    const ended = rows.map(({ pid }) => pid);
    await waitFor(async () => {
      const left = await fresh.pool.query(`SELECT ${SESSIONS} AND pid = ANY ($1)`, [ended]);
      return left.rowCount === 0;
    });
    return ended.length;
  }

  it('Database recovers from a connection that breaks between two queries of an open transaction', async () => {
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: database.pool }) });
    const transaction = db.transaction().execute(async (trx) => {
      await sql`SELECT 1`.execute(trx);
      expect(await endItsConnections()).toBeGreaterThan(0);
      await sql`SELECT 2`.execute(trx);
    });
    await expect(transaction).rejects.toThrow();
    await database.check();
  });

  it('Database recovers from idle connections that break', async () => {
    await database.check();
    expect(await endItsConnections()).toBeGreaterThan(0);
    await waitFor(isReachable);
  });
});
