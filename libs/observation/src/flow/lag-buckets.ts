import { LATENCY_BUCKETS_S } from '@dbem/telemetry';

/** Lags counted by size, in the buckets of `LATENCY_BUCKETS_S`; the last takes what is above all. They can be added up. */
export type LagBuckets = Float64Array;

export const LAG_BUCKETS = LATENCY_BUCKETS_S.length + 1;

export function noLags(): LagBuckets {
  return new Float64Array(LAG_BUCKETS);
}

/**
 * The lag, in ms, that this part of all lags did not exceed; undefined if there is none. Inside a bucket lags are taken to be spread
 * evenly. What is above all buckets counts as the greatest bound.
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

/** Of lags that fade away, so much must be left to speak of. */
const MIN_COUNT = 0.05;
const GREATEST_MS = (LATENCY_BUCKETS_S.at(-1) ?? 0) * 1_000;
