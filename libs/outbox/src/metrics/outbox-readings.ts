import { type Queryable, rowsOf } from '@dbem/db-event';
import type { DatabaseClock } from '@dbem/postgres';

/** Counting stops here: beyond this depth the exact number does not matter, and counting is expensive. */
export const MAX_COUNTED = 100_000;

/** Both read only the low end of the primary key. */
const DEPTH = `SELECT count(*)::int AS value FROM (SELECT FROM db_event.outbox LIMIT ${MAX_COUNTED}) AS waiting`;
const OLDEST = `
  SELECT extract(epoch FROM clock_timestamp() - changed_at)::float8 AS value
  FROM db_event.outbox WHERE NOT is_heartbeat ORDER BY version LIMIT 1`;

/** The version without the bits of the epoch; exact as a double. */
const COUNTER_OF_VERSION = `SELECT (last_value & ((1::bigint << 39) - 1))::float8 AS value FROM db_event.version`;

/** Reads the state of a publisher's outbox from its database, for Prometheus and for the event managers. */
export class OutboxReadings {
  constructor(
    private readonly database: Queryable,
    private readonly clock: DatabaseClock,
  ) {}

  /** Rows waiting, counted up to `MAX_COUNTED`. */
  depth(): Promise<number> {
    return this.one(DEPTH);
  }

  /** Age of the oldest change waiting, s; 0 if there is none. */
  oldestAgeS(): Promise<number> {
    return this.one(OLDEST);
  }

  /** Counter of the newest version that was generated, without the epoch. */
  version(): Promise<number> {
    return this.one(COUNTER_OF_VERSION);
  }

  /** How far the database's clock is ahead of this process's, ms. */
  async clockOffsetMs(): Promise<number> {
    await this.clock.measure();
    return this.clock.offsetMs;
  }

  private async one(sql: string): Promise<number> {
    return rowsOf<{ value: number }>(await this.database.query(sql))[0]?.value ?? 0;
  }
}
