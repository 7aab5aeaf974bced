import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Linger } from './linger';

/** The rate is averaged over 250 ms: this many items at once are exactly the busy rate. */
const JUST_BUSY = 125;

describe('Linger', () => {
  let linger: Linger;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.advanceTimersByTime(10_000);
    linger = new Linger({ busyRate: 500, intervalMs: 20 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('A batch waits for the rest of the interval from the busy rate on, and not below it', () => {
    linger.begin();
    linger.record(JUST_BUSY - 1);
    expect(linger.waitMs).toBe(0);
    linger.record(1);
    expect(linger.waitMs).toBe(20);
    // The rate decays with time: more items keep it up.
    linger.record(JUST_BUSY);
    vi.advanceTimersByTime(5);
    expect(linger.waitMs).toBe(15);
    vi.advanceTimersByTime(20);
    expect(linger.waitMs).toBe(0);
  });

  it('A first batch does not wait at any rate', () => {
    linger.record(10 * JUST_BUSY);
    expect(linger.waitMs).toBe(0);
  });

  it('Items count less with time: after the window a third of them', () => {
    linger.begin();
    linger.record(2.7 * JUST_BUSY);
    vi.advanceTimersByTime(250);
    linger.begin();
    expect(linger.waitMs).toBe(0);
    linger.record(0.1 * JUST_BUSY);
    expect(linger.waitMs).toBe(20);
  });

  it('A batch that has waited begins the next interval', async () => {
    await linger.nextBatch();
    linger.record(10 * JUST_BUSY);
    let batches = 0;
    const second = linger.nextBatch().then(() => {
      batches += 1;
    });
    await vi.advanceTimersByTimeAsync(19);
    expect(batches).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await second;
    expect(linger.waitMs).toBe(20);
  });
});
