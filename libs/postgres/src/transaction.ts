import { DbEventError } from '@dbem/db-event';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { LinkWatch } from './link-watch';

/**
 * Runs `work` in one transaction: commits when it resolves, rolls back and rejects with the same error when it rejects.
 *
 * @throws DbEventError DATABASE_UNAVAILABLE (retryable) if there is no connection, or if it broke; in the latter case
 *   the outcome of a commit is unknown, and the connection's error is the cause. TRANSACTION_ABORTED if a statement
 *   failed and `work` swallowed the error, so that PostgreSQL rolled back on COMMIT.
 */
export function inTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  return run(pool, 'BEGIN', work);
}

/**
 * As `inTransaction`, for transactions of the libraries: if this process loses its network in the middle, PostgreSQL
 * ends the transaction once it has been idle for `idleTransactionMs`, and so releases its locks. Not for a service's
 * own transactions: how long these may be idle is the service's decision.
 *
 * @throws also PostgreSQL's error 25P03 if `work` leaves the transaction idle for longer.
 */
export function inOwnTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const limitMs = LinkWatch.of(pool)?.idleTransactionMs ?? 0;
  // In the same round trip as BEGIN.
  const limit = limitMs > 0 ? `; SET LOCAL idle_in_transaction_session_timeout = ${limitMs}` : '';
  return run(pool, `BEGIN${limit}`, work);
}

async function run<Result>(pool: Pool, begin: string, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await connectTo(pool);
  let brokenBy: unknown;
  // A connection that breaks while it is checked out also emits its error here; the running query rejects with the same
  // error.
  const recordBrokenConnection = (error: unknown) => {
    brokenBy ??= error;
  };
  client.on('error', recordBrokenConnection);
  let isBroken = false;
  try {
    await client.query(begin);
    const result = await work(client);
    expectCommitted(await client.query('COMMIT'));
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      // The connection is lost, and the transaction with it: the client is destroyed below.
      isBroken = true;
    });
    if (!isBroken) throw error;
    // The database's last message reaches the query that runs when it arrives, or the client if none does.
    throw [error, brokenBy].find(isIdleTooLong) ?? unavailable('lost the connection in a transaction', error);
  } finally {
    client.off('error', recordBrokenConnection);
    client.release(isBroken);
  }
}

async function connectTo(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw unavailable('no connection', error);
  }
}

/** The database is available: only this transaction was idle for too long. */
function isIdleTooLong(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === '25P03';
}

function unavailable(reason: string, cause: unknown): DbEventError {
  return new DbEventError('DATABASE_UNAVAILABLE', `The database is unavailable: ${reason} (${cause})`, {
    retryable: true,
    cause,
  });
}

/**
 * After a failed statement COMMIT succeeds, too: PostgreSQL rolls back, which shows in the command tag only.
 *
 * @param result of COMMIT
 * @throws DbEventError TRANSACTION_ABORTED
 */
function expectCommitted({ command }: Pick<QueryResult, 'command'>): void {
  if (command === 'COMMIT') return;
  throw new DbEventError(
    'TRANSACTION_ABORTED',
    'PostgreSQL rolled the transaction back: a statement had failed, but its error was swallowed. Rethrow it',
  );
}
