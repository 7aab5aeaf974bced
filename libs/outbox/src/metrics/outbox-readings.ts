import { type Queryable, rowsOf } from '@dbem/db-event';
import type { DatabaseClock } from '@dbem/postgres';

/** Counting stops here: at such a depth the exact number does not matter, and counting it would cost. */
export const MAX_COUNTED = 100_000;

/** Both read the primary key's lowest end only. */
const DEPTH = `SELECT count(*)::int AS value FROM (SELECT FROM db_event.outbox LIMIT ${MAX_COUNTED}) AS waiting`;
const OLDEST = `
  SELECT extract(epoch FROM clock_timestamp() - changed_at)::float8 AS value
  FROM db_event.outbox WHERE NOT is_heartbeat ORDER BY version LIMIT 1`;

/** What is left after the epoch's bits are taken away; exact as a double. */
const COUNTER_OF_VERSION = `SELECT (last_value & ((1::bigint << 39) - 1))::float8 AS value FROM db_event.version`;

/** What can be read off a publisher's database at any time, for Prometheus and for the event managers. */
export class OutboxReadings {
  constructor(
    private readonly database: Queryable,
    private readonly clock: DatabaseClock,
  ) {}

  /** Rows that wait, up to `MAX_COUNTED`. */
  depth(): Promise<number> {
    return this.one(DEPTH);
  }

  /** Of the oldest change that waits, s; 0 if none does. */
  oldestAgeS(): Promise<number> {
    return this.one(OLDEST);
  }

  /** The counter of the newest version that was handed out, without the epoch. */
  version(): Promise<number> {
    return this.one(COUNTER_OF_VERSION);
  }

  /** By how much the database's clock is ahead of this process's, ms. */
  async clockOffsetMs(): Promise<number> {
    await this.clock.measure();
    return this.clock.offsetMs;
  }

  private async one(sql: string): Promise<number> {
    return rowsOf<{ value: number }>(await this.database.query(sql))[0]?.value ?? 0;
  }
}
