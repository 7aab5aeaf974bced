import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PrivatePostgres } from '../../tools/servers/private-postgres';
import { logFolder } from '../support';

describe('a PostgreSQL of our own', () => {
  let postgres: PrivatePostgres;

  beforeEach(async () => {
    postgres = await PrivatePostgres.start(`${logFolder}/private-postgres`);
  });

  afterEach(() => postgres?.stop());

  /** PostgreSQL's processes notice that their server is gone only when they wait for something. */
  async function computeAtLength(): Promise<void> {
    const client = new Client({ connectionString: postgres.urlOf('postgres') });
    client.on('error', () => {
      // The server is killed under it.
    });
    await client.connect();
    await client.query('SELECT count(*) FROM generate_series(1, 3000000)').catch(() => {
      // As above.
    });
  }

  it('starts again after a kill, though processes of the old one are still at work', async () => {
    const computing = Array.from({ length: 8 }, computeAtLength);
    const observer = new Client({ connectionString: postgres.urlOf('postgres') });
    observer.on('error', () => {
      // As above.
    });
    await observer.connect();
    await expect
      .poll(async () => {
        const { rowCount } = await observer.query(
          `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series%' AND pid <> pg_backend_pid()`,
        );
        return rowCount;
      })
      .toBeGreaterThan(4);
    await postgres.kill();
    await postgres.restart();
    await Promise.all(computing);
    await postgres.run('SELECT 1');
  });
});
