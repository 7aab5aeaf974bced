import { DbEventError } from '@dbem/db-event';
import type { Pool, PoolClient } from 'pg';

/**
 * Runs `work` in one transaction: commits when it resolves, rolls back and rejects with the same error when it rejects.
 *
 * @throws DbEventError DATABASE_UNAVAILABLE (retryable) if there is no connection, or if it broke: then the outcome of a commit
 *   is unknown; the error that showed it is the cause. TRANSACTION_ABORTED if a statement had failed, `work` had swallowed that, and
 *   PostgreSQL therefore made a rollback of the commit.
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await connectTo(pool);
  // A connection that breaks while checked out reports here too; the query under way rejects with the same error.
  const ignoreBrokenConnection = () => {};
  client.on('error', ignoreBrokenConnection);
  let isBroken = false;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw aborted();
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      // The connection is gone, and the transaction with it: below, the client is thrown away.
      isBroken = true;
    });
    throw isBroken ? unavailable('lost the connection in a transaction', error) : error;
  } finally {
    client.off('error', ignoreBrokenConnection);
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

function unavailable(what: string, cause: unknown): DbEventError {
  return new DbEventError('DATABASE_UNAVAILABLE', `The database can't be used now: ${what} (${cause})`, {
    retryable: true,
    cause,
  });
}

function aborted(): DbEventError {
  return new DbEventError(
    'TRANSACTION_ABORTED',
    'A statement of the transaction had failed, which was not passed on: PostgreSQL has rolled the transaction back',
  );
}
