/** Who has not been received for so long is gone: five messages in a row did not come. */
export const GONE_AFTER_MS = 10_000;

/** What one that is so young has counted since its start, it has counted just now. */
const YOUNG_MS = 10_000;

/** Messages that waited somewhere come in a burst: nothing is counted over less time than this. */
const SHORTEST_MS = 1_000;

/** From one status of a process to the next, and what has been counted in between. */
export class ReportInterval {
  readonly tookMs: number;

  /** @param beforeMs when it was received before; undefined: never. All are ms since 1970. */
  constructor(
    private readonly startedAtMs: number,
    private readonly beforeMs: number | undefined,
    readonly nowMs: number,
  ) {
    this.tookMs = Math.max(nowMs - (beforeMs ?? startedAtMs), SHORTEST_MS);
  }

  get tookS(): number {
    return this.tookMs / 1_000;
  }

  /**
   * By how much a count has grown. Of one that is received for the first time it is what it has counted, if it is young, else nothing:
   * its count tells of a time that is over.
   */
  grown(count: number, before: number | undefined): number {
    if (before !== undefined) return Math.max(count - before, 0);
    const isYoung = this.beforeMs === undefined && Math.abs(this.nowMs - this.startedAtMs) < YOUNG_MS;
    return isYoung ? count : 0;
  }
}
