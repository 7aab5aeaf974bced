import { Database, inOwnTransaction, inTransaction } from '@dbem/platform';
import type { Client, Connection, PoolClient, Submittable } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase, TcpProxy, waitFor } from '../support';

const SILENCE_MS = 1_000;

/** Reads a portal row by row, as the libraries do that stream a result. */
class SlowReader implements Submittable {
  suspensions = 0;
  rows = 0;
  isOver = false;
  private connection: Connection | undefined;

  submit(connection: Connection): void {
    this.connection = connection;
    const name = '';
    connection.parse({ name, text: 'SELECT generate_series(1, 5)', types: [] } as never, true);
    connection.bind({ portal: name, statement: name, values: [], binary: 'false' } as never, true);
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
    this.isOver = true;
  }

  handleError(error: Error): void {
    throw error;
  }
}

describe('a database that falls silent', () => {
  let fresh: FreshDatabase;
  let proxy: TcpProxy;
  let database: Database;

  beforeEach(async () => {
    fresh = await freshDatabase();
    const url = new URL(fresh.url);
    proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    database = new Database({
      url: url.toString(),
      applicationName: 'watched',
      migrations: {},
      link: { silenceMs: SILENCE_MS, idleTransactionMs: 3_000 },
    });
    await database.start();
    await isThere();
    await fresh.pool.query('CREATE TABLE thing (id int PRIMARY KEY, value int); INSERT INTO thing VALUES (1, 0)');
  });

  afterEach(async () => {
    proxy.restore();
    await database.stop();
    await proxy.stop();
    await fresh.drop();
  });

  const isThere = () =>
    waitFor(() =>
      database.check().then(
        () => true,
        () => false,
      ),
    );
  const lastOf = (pid: number) =>
    waitFor(async () => (await fresh.pool.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount === 0, {
      what: `the database to end connection ${pid}`,
    });

  it('is given up where it swallows a query, on that connection alone', async () => {
    const client = await database.pool.connect();
    proxy.silencePresent();
    const swallowed = client.query('SELECT 1');
    await database.check();
    await expect(swallowed).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    client.release();
    await database.check();
  });

  it('is given up on all connections when it can’t be asked, and is there again afterwards', async () => {
    const client = await database.pool.connect();
    proxy.silence();
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    client.release();
    await expect(database.check()).rejects.toThrow();
    proxy.restore();
    await isThere();
  });

  it('is not given up while it is at work, however long that takes', async () => {
    const holder = await fresh.pool.connect();
    await holder.query('BEGIN; UPDATE thing SET value = 1');
    const waiting = database.pool.query('UPDATE thing SET value = value + 1 RETURNING value');
    const sleeping = database.pool.query('SELECT pg_sleep(4)');
    await sleeping;
    await holder.query('COMMIT');
    holder.release();
    expect((await waiting).rows).toEqual([{ value: 2 }]);
    expect(database.lostConnections).toBe(0);
  });

  it('leaves who waits for his turn alone: in an open transaction, in the middle of a cursor', async () => {
    await inTransaction(database.pool, async (client) => {
      await client.query('DECLARE things CURSOR FOR SELECT generate_series(1, 3) AS value; FETCH things');
      // Longer than any limit that is set here.
      await fresh.pool.query('SELECT pg_sleep(5)');
      expect((await client.query('FETCH things')).rows).toEqual([{ value: 2 }]);
    });
    expect(database.lostConnections).toBe(0);
  });

  it('leaves the reader of a portal alone who takes his time between two rows', async () => {
    const client = (await database.pool.connect()) as unknown as Client;
    const reader = new SlowReader();
    client.query(reader);
    await waitFor(() => reader.suspensions === 1);
    // As long as it takes to be given up, and longer.
    await fresh.pool.query('SELECT pg_sleep(4)');
    reader.next();
    await waitFor(() => reader.suspensions === 2);
    reader.end();
    await waitFor(() => reader.isOver);
    (client as unknown as PoolClient).release();
    expect(reader.rows).toBe(2);
    expect(database.lostConnections).toBe(0);
  });

  it('frees the rows of a library’s transaction whose process is cut off', async () => {
    const cutOff = inOwnTransaction(database.pool, async (client) => {
      await client.query('UPDATE thing SET value = 7');
      proxy.silencePresent();
      await client.query('UPDATE thing SET value = 8');
    });
    await expect(cutOff).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
    // Waits for the row until the transaction that was cut off is over.
    expect((await fresh.pool.query('UPDATE thing SET value = value + 1 RETURNING value')).rows).toEqual([{ value: 1 }]);
  });

  it('ends a library’s transaction that is idle for too long, and says so', async () => {
    const idle = inOwnTransaction(database.pool, async (client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      await lastOf(rows[0].pid);
      await client.query('SELECT 1');
    });
    await expect(idle).rejects.toMatchObject({ code: '25P03' });
    await database.check();
  });

  it('is told to look after its connections to us', async () => {
    const { rows } = await database.pool.query(
      `SELECT name, setting FROM pg_settings WHERE name IN ('client_connection_check_interval', 'tcp_keepalives_count') ORDER BY 1`,
    );
    expect(rows).toEqual([
      { name: 'client_connection_check_interval', setting: String(SILENCE_MS) },
      { name: 'tcp_keepalives_count', setting: '3' },
    ]);
  });
});
