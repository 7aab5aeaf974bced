import { type Queryable, rowsOf } from '@dbem/db-event';

/** How long a measurement holds, ms: two machines' clocks drift apart by less than a millisecond meanwhile. */
const MEASUREMENT_HOLDS_MS = 30_000;

/**
 * What the database's clock says, without asking it each time: its offset from this process's clock is measured now and
 * then, to about half of a round trip. Before the first measurement, and while the database is away, the last known offset
 * counts (at first 0).
 */
export class DatabaseClock {
  private measuredAtMs = Number.NEGATIVE_INFINITY;
  private measuring: Promise<void> | undefined;
  private offset = 0;

  constructor(private readonly database: Queryable) {}

  /** ms since 1970. */
  nowMs(): number {
    if (Date.now() - this.measuredAtMs > MEASUREMENT_HOLDS_MS) void this.measure();
    return Date.now() + this.offset;
  }

  /** By how much the database's clock is ahead of this process's, ms. */
  get offsetMs(): number {
    return this.offset;
  }

  /** Never rejects. */
  measure(): Promise<void> {
    this.measuring ??= this.ask().finally(() => {
      this.measuring = undefined;
    });
    return this.measuring;
  }

  private async ask(): Promise<void> {
    const askedAtMs = Date.now();
    // Whether or not it answers: who can't be reached is not asked with each event.
    this.measuredAtMs = askedAtMs;
    try {
      const answer = await this.database.query(`SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now_ms`);
      const middleMs = (askedAtMs + Date.now()) / 2;
      this.offset = Number(rowsOf<{ now_ms: number }>(answer)[0]?.now_ms ?? middleMs) - middleMs;
    } catch {
      // The database is away: what was measured last holds on.
    }
  }
}
