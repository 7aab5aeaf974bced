import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PrivatePostgres } from '../../tools/servers/private-postgres';
import { logFolder } from '../support/apps/log-folder';
import { waitFor } from '../support/waiting/wait-for';

describe('a private PostgreSQL', () => {
  let folder: string;
  let postgres: PrivatePostgres;

  beforeEach(async () => {
    mkdirSync(logFolder, { recursive: true });
    folder = mkdtempSync(join(logFolder, 'private-postgres-'));
    postgres = await PrivatePostgres.start(folder);
  });

  afterEach(async () => {
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function connected(): Promise<Client> {
    const client = new Client({ connectionString: postgres.urlOf('postgres') });
    client.on('error', () => {
      // The test kills the server.
    });
    await client.connect();
    return client;
  }

  it('A private PostgreSQL restarts after a kill while processes of the killed server still run', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, connected));
    const observer = await connected();
    // PostgreSQL's processes notice the end of their server only when they wait for something.
    const computing = clients.map((client) => client.query('SELECT count(*) FROM generate_series(1, 3000000)'));
    const computed = Promise.allSettled(computing);
    await waitFor(async () => {
      const { rowCount } = await observer.query(
        `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series%' AND pid <> pg_backend_pid()`,
      );
      return rowCount !== null && rowCount > 4;
    });
    await postgres.kill();
    await expect(postgres.run('SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await postgres.restart();
    await computed;
    await postgres.run('SELECT 1');
  });
});
