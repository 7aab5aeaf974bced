import { DbEventError } from '@dbem/db-event';
import type { Pool, PoolClient, QueryResult } from 'pg';
import { LinkWatch } from './link-watch';

/**
 * Runs `work` in one transaction: commits when it resolves, rolls back and rejects with the same error when it rejects.
 *
 * @throws DbEventError DATABASE_UNAVAILABLE (retryable) if there is no connection, or if it broke: then the outcome of a commit
 *   is unknown; the error that showed it is the cause. TRANSACTION_ABORTED if a statement had failed, `work` had swallowed that, and
 *   PostgreSQL therefore made a rollback of the commit.
 */
export function inTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  return run(pool, 'BEGIN', work);
}

/**
 * As `inTransaction`, for what the libraries do themselves: if this process is cut off in the middle, PostgreSQL ends the
 * transaction once it has been idle for `idleTransactionMs`, and others get at its rows. Not for a service's own transactions: how
 * long its users may think is not ours to say.
 *
 * @throws also PostgreSQL's own error (25P03) where `work` let the transaction be idle for longer.
 */
export function inOwnTransaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const limitMs = LinkWatch.of(pool)?.idleTransactionMs ?? 0;
  // One round trip.
  const limit = limitMs > 0 ? `; SET LOCAL idle_in_transaction_session_timeout = ${limitMs}` : '';
  return run(pool, `BEGIN${limit}`, work);
}

async function run<Result>(pool: Pool, begin: string, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await connectTo(pool);
  let brokenBy: unknown;
  // A connection that breaks while checked out reports here too; the query under way rejects with the same error.
  const noteBrokenConnection = (error: unknown) => {
    brokenBy ??= error;
  };
  client.on('error', noteBrokenConnection);
  let isBroken = false;
  try {
    await client.query(begin);
    const result = await work(client);
    expectCommitted(await client.query('COMMIT'));
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      // The connection is gone, and the transaction with it: below, the client is thrown away.
      isBroken = true;
    });
    if (isBroken && isIdleTooLong(brokenBy)) throw brokenBy;
    throw isBroken ? unavailable('lost the connection in a transaction', error) : error;
  } finally {
    client.off('error', noteBrokenConnection);
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

/** The database is there: this transaction alone took too long. */
function isIdleTooLong(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === '25P03';
}

function unavailable(what: string, cause: unknown): DbEventError {
  return new DbEventError('DATABASE_UNAVAILABLE', `The database can't be used now: ${what} (${cause})`, {
    retryable: true,
    cause,
  });
}

/**
 * Of a transaction in which a statement has failed PostgreSQL makes a rollback, and calls that a success.
 *
 * @param result of COMMIT
 * @throws DbEventError TRANSACTION_ABORTED
 */
function expectCommitted({ command }: Pick<QueryResult, 'command'>): void {
  if (command === 'COMMIT') return;
  throw new DbEventError(
    'TRANSACTION_ABORTED',
    'A statement of the transaction had failed, which was not passed on: PostgreSQL has rolled the transaction back',
  );
}
