import { pause } from './backoff';

export interface LingerOptions {
  /** Below so many a second nobody waits. */
  readonly busyRate: number;
  /** From one turn's begin to the next while it is busy, ms. */
  readonly intervalMs: number;
}

/** Over how long the rate is taken, ms. */
const WINDOW_MS = 250;

/**
 * Spaces the turns of who takes what has come together meanwhile: the more come at once, the less each costs. While few come a turn
 * follows at once, so that nothing waits; while many come, each turn begins so long after the last one.
 */
export class Linger {
  private weight = 0;
  private weighedAtMs = 0;
  private begunAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: LingerOptions) {}

  /** A turn has taken so many. */
  record(count: number): void {
    this.weight = this.weightAt(performance.now()) + count;
    this.weighedAtMs = performance.now();
  }

  /** How long the next turn waits, ms; 0: not at all. */
  get waitMs(): number {
    const now = performance.now();
    const rate = (this.weightAt(now) / WINDOW_MS) * 1_000;
    return rate < this.options.busyRate ? 0 : Math.max(0, this.begunAtMs + this.options.intervalMs - now);
  }

  /** Resolves when the next turn may begin, which is then the last; at once if `signal` aborts. */
  async nextBatch(signal?: AbortSignal): Promise<void> {
    const { waitMs } = this;
    if (waitMs > 0) await pause(waitMs, signal);
    this.begin();
  }

  /** A turn begins, whether or not it has waited. */
  begin(): void {
    this.begunAtMs = performance.now();
  }

  private weightAt(nowMs: number): number {
    return this.weight * Math.exp((this.weighedAtMs - nowMs) / WINDOW_MS);
  }
}
