import type { Pool } from 'pg';

/** Whether a statement in this database waits for a lock that another transaction holds. */
export async function hasLockWait(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query(
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows.length > 0;
}
