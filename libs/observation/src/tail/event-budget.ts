const WINDOW_MS = 1_000;

/** Lets so many events pass in each second, and counts the others. */
export class EventBudget {
  private windowStartMs = Number.NEGATIVE_INFINITY;
  private used = 0;
  private skippedCount = 0;

  constructor(private readonly perSecond: number) {}

  /** @returns whether this one may pass. */
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

  /** More that did not pass, somewhere else. */
  noteSkipped(count: number): void {
    this.skippedCount += count;
  }

  /** How many did not pass since the last call. */
  takeSkipped(): number {
    const count = this.skippedCount;
    this.skippedCount = 0;
    return count;
  }
}
