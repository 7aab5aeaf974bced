import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Linger } from './linger';

describe('Linger', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Adds `perMs` items each millisecond, for a second; a batch takes no time. @returns the wait before each batch. */
  async function waitsAt(perMs: number): Promise<number[]> {
    const linger = new Linger({ busyRate: 500, intervalMs: 20 });
    const waits: number[] = [];
    let waiting = 0;
    let batch: Promise<void> | undefined;
    for (let ms = 0; ms < 1_000; ms += 1) {
      waiting += perMs;
      if (waiting >= 1 && batch === undefined) {
        waits.push(linger.waitMs);
        batch = linger.nextBatch().then(() => {
          linger.record(Math.floor(waiting));
          waiting -= Math.floor(waiting);
          batch = undefined;
        });
      }
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(waiting).toBeLessThan(1 + 20 * perMs);
    return waits;
  }

  it('A batch follows at once under low load', async () => {
    const waits = await waitsAt(0.2);
    expect(new Set(waits)).toEqual(new Set([0]));
  });

  it('A batch lingers under high load until its interval is over', async () => {
    const waits = await waitsAt(2);
    // The rate is an average: it needs some time to reach the busy rate.
    const first = waits.findIndex((wait) => wait > 0);
    expect(first).toBeGreaterThan(0);
    for (const wait of waits.slice(first)) {
      expect(wait).toBeGreaterThanOrEqual(19);
      expect(wait).toBeLessThanOrEqual(20);
    }
  });

  it('A batch no longer lingers once the load is low again', async () => {
    const linger = new Linger({ busyRate: 500, intervalMs: 20 });
    await linger.nextBatch();
    linger.record(1_000);
    expect(linger.waitMs).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(1_000);
    await linger.nextBatch();
    linger.record(1);
    expect(linger.waitMs).toBe(0);
  });

  it('A batch that lingers stops waiting when its signal aborts', async () => {
    const linger = new Linger({ busyRate: 500, intervalMs: 1_000_000 });
    await linger.nextBatch();
    linger.record(1_000);
    expect(linger.waitMs).toBeGreaterThan(0);
    const stopping = new AbortController();
    const batch = linger.nextBatch(stopping.signal);
    stopping.abort();
    await batch;
  });
});
