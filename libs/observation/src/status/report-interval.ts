/** A process without reports for this long is gone: it has missed five reports in a row. */
export const GONE_AFTER_MS = 10_000;

/** The counts of a process that started less than this ago are recent. */
const YOUNG_MS = 10_000;

/** Delayed reports arrive in a burst: rates are never computed over less time than this. */
const SHORTEST_MS = 1_000;

/** The interval between two reports of a process, and the increase of its counts in between. */
export class ReportInterval {
  readonly tookMs: number;

  /** @param beforeMs when the previous report was received; undefined: there is none. All are ms since 1970. */
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
   * The increase of a count. For the first report of a process, it is the whole count if the process is young,
   * otherwise 0, because an old process may have counted it long ago.
   */
  increase(count: number, before: number | undefined): number {
    if (before !== undefined) return Math.max(count - before, 0);
    const isYoung = this.beforeMs === undefined && Math.abs(this.nowMs - this.startedAtMs) < YOUNG_MS;
    return isYoung ? count : 0;
  }
}
