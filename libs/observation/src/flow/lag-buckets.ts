import { LATENCY_BUCKETS_S } from '@dbem/telemetry';

/** Lags counted in the buckets of `LATENCY_BUCKETS_S`; the last bucket has all greater lags. They can be added up. */
export type LagBuckets = Float64Array;

export const LAG_BUCKETS = LATENCY_BUCKETS_S.length + 1;

export function noLags(): LagBuckets {
  return new Float64Array(LAG_BUCKETS);
}

/**
 * The quantile `part` of the lags, in ms; undefined if there are none. Interpolates linearly within a bucket. Lags
 * above all buckets count as the greatest bound.
 */
export function lagQuantile(buckets: LagBuckets, part: number): number | undefined {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total < MIN_COUNT) return undefined;
  let below = 0;
  for (const [index, count] of buckets.entries()) {
    if (count > 0 && below + count >= part * total) {
      const lower = LATENCY_BUCKETS_S[index - 1] ?? 0;
      const upper = LATENCY_BUCKETS_S[index] ?? lower;
      return (lower + (upper - lower) * ((part * total - below) / count)) * 1_000;
    }
    below += count;
  }
  return GREATEST_MS;
}

/** Decayed lags with less total weight than this count as none. */
const MIN_COUNT = 0.05;
const GREATEST_MS = (LATENCY_BUCKETS_S.at(-1) ?? 0) * 1_000;
