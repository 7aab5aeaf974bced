import type { Pool, PoolClient } from 'pg';
import { inOwnTransaction } from './transaction';

/**
 * As `inOwnTransaction`, but skips `work` if another instance is in a transaction under the same lock. The lock ends
 * with the transaction, so it is released even if this instance crashes.
 *
 * @param lock a PostgreSQL advisory lock that is used for nothing else.
 * @returns undefined if `work` was skipped.
 */
export function inExclusiveTransaction<Result>(
  pool: Pool,
  lock: number,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result | undefined> {
  return inOwnTransaction(pool, async (client) => {
    const sql = 'SELECT pg_try_advisory_xact_lock($1) AS is_locked';
    const { rows } = await client.query<{ is_locked: boolean }>(sql, [lock]);
    return rows[0]?.is_locked ? work(client) : undefined;
  });
}
