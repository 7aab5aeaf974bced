import { LATENCY_BUCKETS_S } from '@dbem/telemetry';
import { describe, expect, it } from 'vitest';
import { FlowSeries, STEP_MS, STEPS } from './flow-series';
import { noLags } from './lag-buckets';

const T0 = 1_000 * STEP_MS;

function lagsOf(boundS: number, count: number) {
  const lags = noLags();
  lags[LATENCY_BUCKETS_S.indexOf(boundS)] = count;
  return lags;
}

describe('FlowSeries', () => {
  it('A flow series spreads a count over the time in which it was counted', () => {
    const series = new FlowSeries(T0);
    // Two seconds, of which one belongs to the step before.
    series.addIn(20, 2_000, T0 + STEP_MS + 1_000);
    expect(series.at(T0, T0 + STEP_MS + 1_000).inPerS).toBeCloseTo(2);
    expect(series.at(T0 + STEP_MS, T0 + STEP_MS + 1_000).inPerS).toBeCloseTo(2);
  });

  it('A flow series shows a steady flow as steady, however its reports fall into the steps', () => {
    const series = new FlowSeries(T0);
    let nowMs = T0;
    for (; nowMs < T0 + 10 * STEP_MS; nowMs += 2_000) series.addOut(200, 2_000, nowMs);
    for (let step = 1; step < 8; step += 1) expect(series.at(T0 + step * STEP_MS, nowMs).outPerS).toBeCloseTo(100);
  });

  it('A flow series has a rate of 0 for a step without events, and none for the time before it began', () => {
    const series = new FlowSeries(T0);
    expect(series.at(T0 + STEP_MS, T0 + 3 * STEP_MS)).toEqual({
      inPerS: 0,
      outPerS: 0,
      lagP50Ms: undefined,
      lagP99Ms: undefined,
    });
    expect(series.at(T0 - 2 * STEP_MS, T0).inPerS).toBeUndefined();
  });

  it('A flow series keeps the lags of a complete step', () => {
    const series = new FlowSeries(T0);
    series.addLags(lagsOf(0.01, 10), T0 + 1_000);
    const { lagP50Ms, lagP99Ms } = series.at(T0, T0 + STEP_MS);
    expect(lagP50Ms).toBeCloseTo(7.5);
    expect(lagP99Ms).toBeCloseTo(9.95);
    expect(series.at(T0 + STEP_MS, T0 + 2 * STEP_MS).lagP50Ms).toBeUndefined();
  });

  it('A flow series weights newer lags more, until none is left', () => {
    const series = new FlowSeries(T0);
    series.addLags(lagsOf(10, 100), T0);
    expect(series.recentLagMs(0.5, T0)).toBeGreaterThan(5_000);
    // Newer lags outweigh older ones, which decay to nothing.
    series.addLags(lagsOf(0.01, 100), T0 + 4 * STEP_MS);
    expect(series.recentLagMs(0.5, T0 + 4 * STEP_MS)).toBeLessThan(11);
    expect(series.recentLagMs(0.5, T0 + 100 * STEP_MS)).toBeUndefined();
  });

  it('A flow series drops a count after an hour, also if nothing was counted for longer than that', () => {
    const series = new FlowSeries(T0);
    series.addIn(5, 1_000, T0 + 2_000);
    const later = T0 + (STEPS + 3) * STEP_MS;
    expect(series.at(T0, later).inPerS).toBeUndefined();
    expect(series.at(later - STEP_MS, later).inPerS).toBe(0);
    const muchLater = T0 + 5 * STEPS * STEP_MS;
    expect(series.at(muchLater - 2 * STEP_MS, muchLater).inPerS).toBe(0);
  });
});
