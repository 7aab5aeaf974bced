const WINDOW_MS = 1_000;

/** Lets up to `perSecond` events pass per second, and counts the others as skipped. */
export class EventBudget {
  private windowStartMs = Number.NEGATIVE_INFINITY;
  private used = 0;
  private skippedCount = 0;

  constructor(private readonly perSecond: number) {}

  /** @returns whether this event may pass. */
  take(nowMs: number = performance.now()): boolean {
    if (nowMs - this.windowStartMs >= WINDOW_MS) {
      this.windowStartMs = nowMs;
      this.used = 0;
    }
    if (this.used >= this.perSecond) {
      this.skippedCount += 1;
      return false;
    }
    this.used += 1;
    return true;
  }

  /** Adds events that were skipped elsewhere. */
  noteSkipped(count: number): void {
    this.skippedCount += count;
  }

  /** The number of events skipped since the last call. */
  takeSkipped(): number {
    const count = this.skippedCount;
    this.skippedCount = 0;
    return count;
  }
}
