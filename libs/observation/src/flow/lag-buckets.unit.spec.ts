import { LATENCY_BUCKETS_S } from '@dbem/telemetry';
import { describe, expect, it } from 'vitest';
import { LAG_BUCKETS, lagQuantile, noLags } from './lag-buckets';

describe('lagQuantile', () => {
  it('lagQuantile returns nothing without lags', () => {
    expect(lagQuantile(noLags(), 0.5)).toBeUndefined();
  });

  it('lagQuantile interpolates within the bucket of the quantile', () => {
    const lags = noLags();
    lags[LATENCY_BUCKETS_S.indexOf(0.01)] = 100;
    // Between 5 and 10 ms.
    expect(lagQuantile(lags, 0.5)).toBeCloseTo(7.5);
    expect(lagQuantile(lags, 1)).toBeCloseTo(10);
  });

  it('lagQuantile distinguishes the usual lag from a rare one', () => {
    const lags = noLags();
    lags[LATENCY_BUCKETS_S.indexOf(0.005)] = 97;
    lags[LATENCY_BUCKETS_S.indexOf(30)] = 3;
    expect(lagQuantile(lags, 0.5)).toBeLessThan(5);
    expect(lagQuantile(lags, 0.99)).toBeGreaterThan(10_000);
  });

  it('lagQuantile returns the greatest bound for a lag above all buckets', () => {
    const lags = noLags();
    lags[LAG_BUCKETS - 1] = 1;
    expect(lagQuantile(lags, 0.99)).toBe((LATENCY_BUCKETS_S.at(-1) ?? 0) * 1_000);
  });
});
