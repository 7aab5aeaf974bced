import { performance } from 'node:perf_hooks';
import { inOwnTransaction } from '@dbem/postgres';
import type { Pool } from 'pg';

/**
 * The time of the database's clock at a moment of `performance.now()`; too late by at most the latency to the database.
 *
 * @throws DbEventError DATABASE_UNAVAILABLE
 */
export async function databaseTimeAt(pool: Pool, moment: number): Promise<Date> {
  return inOwnTransaction(pool, async (client) => {
    const elapsedMs = performance.now() - moment;
    const { rows } = await client.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    return new Date((rows[0] as { now: Date }).now.getTime() - elapsedMs);
  });
}
