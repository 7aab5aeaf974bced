import { Database, type DatabaseOptions, inOwnTransaction, inTransaction } from '@dbem/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TcpProxy } from '../support/network/tcp-proxy';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { hasLockWait } from '../support/servers/lock-waits';
import { waitFor } from '../support/waiting/wait-for';

const LINK_TIMEOUT_MS = 500;

describe('a database that stops responding', () => {
  let fresh: FreshDatabase;
  let proxy: TcpProxy;
  let database: Database;

  beforeAll(async () => {
    fresh = await freshDatabase();
    await fresh.pool.query('CREATE TABLE thing (id int PRIMARY KEY, value int); INSERT INTO thing VALUES (1, 0)');
  });

  beforeEach(async () => {
    await fresh.pool.query('UPDATE thing SET value = 0');
    const url = new URL(fresh.url);
    proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
  });

  afterEach(async () => {
    proxy.restore();
    await database.stop();
    await proxy.stop();
  });

  afterAll(async () => {
    await fresh.drop();
  });

  async function open({ link, ...options }: Partial<DatabaseOptions> = {}): Promise<void> {
    const url = new URL(fresh.url);
    url.port = String(proxy.port);
    database = new Database({
      url: url.toString(),
      applicationName: 'watched',
      migrations: {},
      link: { timeoutMs: LINK_TIMEOUT_MS, ...link },
      ...options,
    });
    await database.start();
    await untilReachable();
  }

  const untilReachable = () =>
    waitFor(() =>
      database.check().then(
        () => true,
        () => false,
      ),
    );
  const hasEnded = (pid: number) =>
    waitFor(async () => (await fresh.pool.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount === 0, {
      what: `the database to end connection ${pid}`,
    });

  it('A query on a connection that stops responding is rejected, while other connections are used', async () => {
    await open();
    const client = await database.pool.connect();
    proxy.silencePresent();
    const rejected = expect(client.query('SELECT 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await waitFor(() => proxy.swallowedBytes > 0);
    await database.check();
    await rejected;
    client.release();
    await database.check();
  });

  it('Queries are rejected while the whole database does not respond, and succeed when it is back', async () => {
    await open({ connectTimeoutMs: 1_000 });
    const client = await database.pool.connect();
    proxy.silence();
    const rejected = expect(client.query('SELECT 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await waitFor(() => proxy.swallowedBytes > 0);
    await rejected;
    client.release();
    await expect(database.check()).rejects.toThrow();
    proxy.restore();
    await untilReachable();
  });

  it('A statement that runs or waits for a lock is not cancelled, however long it takes', async () => {
    await open();
    const holder = await fresh.pool.connect();
    await holder.query('BEGIN; UPDATE thing SET value = 1');
    const waiting = database.pool.query('UPDATE thing SET value = value + 1 RETURNING value');
    await waitFor(() => hasLockWait(fresh.pool));
    // Several times the link timeout.
    await database.pool.query('SELECT pg_sleep(2)');
    await holder.query('COMMIT');
    holder.release();
    expect((await waiting).rows).toEqual([{ value: 2 }]);
    expect(database.lostConnections).toBe(0);
  });

  it('A service’s transaction that pauses in the middle of a cursor is not cancelled', async () => {
    await open({ link: { idleTransactionMs: 1_000 } });
    await inTransaction(database.pool, async (client) => {
      await client.query('DECLARE things CURSOR FOR SELECT generate_series(1, 3) AS value; FETCH things');
      // Longer than any timeout in this test.
      await fresh.pool.query('SELECT pg_sleep(2)');
      expect((await client.query('FETCH things')).rows).toEqual([{ value: 2 }]);
    });
    expect(database.lostConnections).toBe(0);
  });

  it('A library’s transaction whose connection stops responding fails as retryable, and its row locks are released', async () => {
    await open({ link: { idleTransactionMs: 1_500 } });
    const cutOff = inOwnTransaction(database.pool, async (client) => {
      await client.query('UPDATE thing SET value = 7');
      proxy.silencePresent();
      await client.query('UPDATE thing SET value = 8');
    });
    const rejected = expect(cutOff).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
    await waitFor(() => proxy.swallowedBytes > 0);
    await rejected;
    // Waits for the row lock until the cut-off transaction has ended.
    expect((await fresh.pool.query('UPDATE thing SET value = value + 1 RETURNING value')).rows).toEqual([{ value: 1 }]);
  });

  it('A library’s transaction that is idle for too long is ended by the database, and rejects with the database’s code', async () => {
    await open({ link: { idleTransactionMs: 500 } });
    const idle = inOwnTransaction(database.pool, async (client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      await hasEnded(rows[0].pid);
      await client.query('SELECT 1');
    });
    await expect(idle).rejects.toMatchObject({ code: '25P03' });
    await database.check();
  });

  it('Session settings make the database detect a client that is gone', async () => {
    await open();
    const { rows } = await database.pool.query(
      `SELECT name, setting FROM pg_settings WHERE name IN ('client_connection_check_interval', 'tcp_keepalives_count') ORDER BY 1`,
    );
    expect(rows).toEqual([
      { name: 'client_connection_check_interval', setting: String(LINK_TIMEOUT_MS) },
      { name: 'tcp_keepalives_count', setting: '3' },
    ]);
  });
});
