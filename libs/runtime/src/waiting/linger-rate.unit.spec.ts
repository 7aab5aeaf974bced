import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Linger } from './linger';

/** The rate is taken over 250 ms: of so many at once it is just the busy one. */
const JUST_BUSY = 125;

describe('Linger', () => {
  let pace: Linger;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.advanceTimersByTime(10_000);
    pace = new Linger({ busyRate: 500, intervalMs: 20 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('A turn waits for the rest of the interval from the busy rate on, and not below it', () => {
    pace.begin();
    pace.record(JUST_BUSY - 1);
    expect(pace.waitMs).toBe(0);
    pace.record(1);
    expect(pace.waitMs).toBe(20);
    // The rate falls with time: more keep it up.
    pace.record(JUST_BUSY);
    vi.advanceTimersByTime(5);
    expect(pace.waitMs).toBe(15);
    vi.advanceTimersByTime(20);
    expect(pace.waitMs).toBe(0);
  });

  it('A first turn does not wait, however many come', () => {
    pace.record(10 * JUST_BUSY);
    expect(pace.waitMs).toBe(0);
  });

  it('What was taken counts less with time: after the window a third of it', () => {
    pace.begin();
    pace.record(2.7 * JUST_BUSY);
    vi.advanceTimersByTime(250);
    pace.begin();
    expect(pace.waitMs).toBe(0);
    pace.record(0.1 * JUST_BUSY);
    expect(pace.waitMs).toBe(20);
  });

  it('A turn that has waited begins the next interval', async () => {
    await pace.nextBatch();
    pace.record(10 * JUST_BUSY);
    let turns = 0;
    const second = pace.nextBatch().then(() => {
      turns += 1;
    });
    await vi.advanceTimersByTimeAsync(19);
    expect(turns).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await second;
    expect(pace.waitMs).toBe(20);
  });
});
