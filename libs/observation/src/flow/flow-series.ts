import { LAG_BUCKETS, type LagBuckets, lagQuantile, noLags } from './lag-buckets';

/** Width of a point, ms. */
export const STEP_MS = 5_000;
/** An hour. */
export const STEPS = 720;

/** The weight of a lag is multiplied by this after each step: its half-life is about 20 s. */
const DECAY = 0.85;

/**
 * The flow of one or more subscriptions in each step of the last hour. Takes 12 KiB, whatever the rate.
 *
 * Counts arrive every two seconds, for the time since the previous ones: they are spread over that time, which may
 * reach into the previous step.
 */
export class FlowSeries {
  private readonly in = new Float32Array(STEPS).fill(Number.NaN);
  private readonly out = new Float32Array(STEPS).fill(Number.NaN);
  private readonly p50 = new Float32Array(STEPS).fill(Number.NaN);
  private readonly p99 = new Float32Array(STEPS).fill(Number.NaN);
  /** Lags of the current step, and decayed lags of the earlier steps. */
  private readonly lags: LagBuckets = noLags();
  private readonly decayed: LagBuckets = noLags();
  private step: number;

  constructor(nowMs: number) {
    this.step = stepOf(nowMs);
    this.clear(this.step);
  }

  addIn(count: number, tookMs: number, nowMs: number): void {
    this.add(this.in, count, tookMs, nowMs);
  }

  addOut(count: number, tookMs: number, nowMs: number): void {
    this.add(this.out, count, tookMs, nowMs);
  }

  /** @param counts the number of lags to add to each bucket. */
  addLags(counts: ArrayLike<number>, nowMs: number): void {
    this.roll(nowMs);
    for (let index = 0; index < LAG_BUCKETS; index += 1) {
      this.lags[index] = (this.lags[index] as number) + (counts[index] ?? 0);
    }
  }

  /** The lag quantile of about the last minute; undefined if nothing was applied. */
  recentLagMs(part: number, nowMs: number): number | undefined {
    this.roll(nowMs);
    return lagQuantile(
      this.decayed.map((count, index) => count + (this.lags[index] as number)),
      part,
    );
  }

  /** The point of the step that began at `atMs`; undefined where unknown. Rates are per second, lags in ms. */
  at(atMs: number, nowMs: number): FlowPoint {
    this.roll(nowMs);
    const step = stepOf(atMs);
    const place = sortKeyOf(step);
    const isKept = step <= this.step && step > this.step - STEPS;
    const read = (values: Float32Array) => (isKept ? known(values[place] as number) : undefined);
    const perS = (values: Float32Array) => {
      const count = read(values);
      return count === undefined ? undefined : count / (STEP_MS / 1_000);
    };
    return { inPerS: perS(this.in), outPerS: perS(this.out), lagP50Ms: read(this.p50), lagP99Ms: read(this.p99) };
  }

  private add(values: Float32Array, count: number, tookMs: number, nowMs: number): void {
    if (count <= 0) return;
    this.roll(nowMs);
    const inThisStepMs = nowMs - this.step * STEP_MS;
    const before = Math.min(Math.max(tookMs - inThisStepMs, 0), STEP_MS) / Math.max(tookMs, 1);
    this.addAt(values, this.step, count * (1 - before));
    if (before > 0) this.addAt(values, this.step - 1, count * before);
  }

  private addAt(values: Float32Array, step: number, count: number): void {
    const place = sortKeyOf(step);
    values[place] = (known(values[place] as number) ?? 0) + count;
  }

  private roll(nowMs: number): void {
    const now = stepOf(nowMs);
    while (this.step < now) {
      this.close();
      // After a long time without counts, all older steps are empty.
      this.step = Math.max(this.step + 1, now - STEPS);
      this.clear(this.step);
    }
  }

  private close(): void {
    const place = sortKeyOf(this.step);
    this.p50[place] = lagQuantile(this.lags, 0.5) ?? Number.NaN;
    this.p99[place] = lagQuantile(this.lags, 0.99) ?? Number.NaN;
    for (let index = 0; index < LAG_BUCKETS; index += 1) {
      this.decayed[index] = ((this.decayed[index] as number) + (this.lags[index] as number)) * DECAY;
    }
    this.lags.fill(0);
  }

  private clear(step: number): void {
    const place = sortKeyOf(step);
    this.in[place] = 0;
    this.out[place] = 0;
    this.p50[place] = Number.NaN;
    this.p99[place] = Number.NaN;
  }
}

export interface FlowPoint {
  readonly inPerS: number | undefined;
  readonly outPerS: number | undefined;
  readonly lagP50Ms: number | undefined;
  readonly lagP99Ms: number | undefined;
}

export function stepOf(atMs: number): number {
  return Math.floor(atMs / STEP_MS);
}

function sortKeyOf(step: number): number {
  return ((step % STEPS) + STEPS) % STEPS;
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
