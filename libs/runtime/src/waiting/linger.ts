import { pause } from './backoff';

export interface LingerOptions {
  /** Rate from which batches linger, items per second. Below it no batch waits. */
  readonly busyRate: number;
  /** Time between the begins of two batches under load, ms. */
  readonly intervalMs: number;
}

/** Time over which the rate is averaged, ms. */
const WINDOW_MS = 250;

/**
 * Delays batches under load, so that they get larger: each item of a large batch costs less. At a low rate a batch
 * follows at once, so that nothing waits; at a high rate a batch begins no earlier than `intervalMs` after the begin of
 * the last one.
 */
export class Linger {
  private weight = 0;
  private weighedAtMs = 0;
  private begunAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: LingerOptions) {}

  /** Counts the items of a batch. */
  record(count: number): void {
    this.weight = this.weightAt(performance.now()) + count;
    this.weighedAtMs = performance.now();
  }

  /** How long the next batch must wait, ms; 0: not at all. */
  get waitMs(): number {
    const now = performance.now();
    const rate = (this.weightAt(now) / WINDOW_MS) * 1_000;
    return rate < this.options.busyRate ? 0 : Math.max(0, this.begunAtMs + this.options.intervalMs - now);
  }

  /** Resolves when the next batch may begin, and counts as its begin. Resolves at once if `signal` aborts. */
  async nextBatch(signal?: AbortSignal): Promise<void> {
    const { waitMs } = this;
    if (waitMs > 0) await pause(waitMs, signal);
    this.begin();
  }

  /** Notes the begin of a batch, whether or not it has waited. */
  begin(): void {
    this.begunAtMs = performance.now();
  }

  private weightAt(nowMs: number): number {
    return this.weight * Math.exp((this.weighedAtMs - nowMs) / WINDOW_MS);
  }
}
