import { type Queryable, rowsOf } from '@dbem/db-event';

/**
 * How long a measurement is valid, ms: within this time two machines' clocks drift apart by less than a millisecond.
 */
const MEASUREMENT_VALID_MS = 30_000;

/**
 * The time of the database's clock, without a query for each reading: its offset from this process's clock is measured
 * periodically, to about half a round trip. Before the first measurement the offset is 0; while the database is
 * unavailable the last one is used.
 */
export class DatabaseClock {
  private measuredAtMs = Number.NEGATIVE_INFINITY;
  private measuring: Promise<void> | undefined;
  private offset = 0;

  constructor(private readonly database: Queryable) {}

  /** ms since 1970. */
  nowMs(): number {
    if (Date.now() - this.measuredAtMs > MEASUREMENT_VALID_MS) void this.measure();
    return Date.now() + this.offset;
  }

  /** By how much the database's clock is ahead of this process's, ms. */
  get offsetMs(): number {
    return this.offset;
  }

  /** Never rejects. */
  measure(): Promise<void> {
    this.measuring ??= this.query().finally(() => {
      this.measuring = undefined;
    });
    return this.measuring;
  }

  private async query(): Promise<void> {
    const queriedAtMs = Date.now();
    // Also if the query fails: an unavailable database must not be queried with each event.
    this.measuredAtMs = queriedAtMs;
    try {
      const result = await this.database.query(`SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now_ms`);
      const middleMs = (queriedAtMs + Date.now()) / 2;
      this.offset = Number(rowsOf<{ now_ms: number }>(result)[0]?.now_ms ?? middleMs) - middleMs;
    } catch {
      // The database is unavailable: the last offset stays valid.
    }
  }
}
