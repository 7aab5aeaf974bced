import { Database } from '@dbem/postgres';
import type { Client, Connection, PoolClient, Submittable } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { waitFor } from '../support/waiting/wait-for';

/** Reads a portal row by row, as libraries that stream a result do. */
class SlowReader implements Submittable {
  suspensions = 0;
  rows = 0;
  isEnded = false;
  private connection: Connection | undefined;

  submit(connection: Connection): void {
    this.connection = connection;
    const name = '';
    connection.parse({ name, text: 'SELECT generate_series(1, 5)', types: [] }, true);
    connection.bind({ portal: name, statement: name, values: [], binary: 'false' }, true);
    connection.describe({ type: 'P', name }, true);
    this.next();
  }

  next(): void {
    this.connection?.execute({ portal: '', rows: '1' }, true);
    this.connection?.flush();
  }

  end(): void {
    this.connection?.sync();
  }

  handleRowDescription(): void {}

  handleDataRow(): void {
    this.rows += 1;
  }

  handlePortalSuspended(): void {
    this.suspensions += 1;
  }

  handleReadyForQuery(): void {
    this.isEnded = true;
  }

  handleError(error: Error): void {
    throw error;
  }
}

describe('LinkWatch', () => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeEach(async () => {
    fresh = await freshDatabase();
    const link = { timeoutMs: 500 };
    database = new Database({ url: fresh.url, applicationName: 'watched', migrations: {}, link });
  });

  afterEach(async () => {
    await database.stop();
    await fresh.drop();
  });

  it('LinkWatch does not close the connection of a portal reader, however long it pauses between two rows', async () => {
    const client = (await database.pool.connect()) as unknown as Client;
    const reader = new SlowReader();
    client.query(reader);
    await waitFor(() => reader.suspensions === 1);
    // Longer than the timeout.
    await fresh.pool.query('SELECT pg_sleep(2)');
    reader.next();
    await waitFor(() => reader.suspensions === 2);
    reader.end();
    await waitFor(() => reader.isEnded);
    (client as unknown as PoolClient).release();
    expect(reader.rows).toBe(2);
    expect(database.lostConnections).toBe(0);
  });
});
