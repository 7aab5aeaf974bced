import type { Pool, PoolClient } from 'pg';
import { inOwnTransaction } from './transaction';

/**
 * As `inOwnTransaction`, unless another instance is at it now, in a transaction under the same lock. The lock is the transaction's: it is
 * free again whatever becomes of this instance.
 *
 * @param lock an advisory lock of the database, which nobody else uses.
 * @returns undefined if another instance is at it.
 */
export function inExclusiveTransaction<Result>(
  pool: Pool,
  lock: number,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result | undefined> {
  return inOwnTransaction(pool, async (client) => {
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [lock]);
    return rows[0]?.mine ? work(client) : undefined;
  });
}
