import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Linger } from './linger';

describe('Linger', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Lets `perMs` come each millisecond, for a second, to a taker whose turn takes no time. @returns the wait before each turn. */
  async function waitsAt(perMs: number): Promise<number[]> {
    const pace = new Linger({ busyRate: 500, intervalMs: 20 });
    const waits: number[] = [];
    let waiting = 0;
    let turn: Promise<void> | undefined;
    for (let ms = 0; ms < 1_000; ms += 1) {
      waiting += perMs;
      if (waiting >= 1 && turn === undefined) {
        waits.push(pace.waitMs);
        turn = pace.nextBatch().then(() => {
          pace.record(Math.floor(waiting));
          waiting -= Math.floor(waiting);
          turn = undefined;
        });
      }
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(waiting).toBeLessThan(1 + 20 * perMs);
    return waits;
  }

  it('A turn follows at once under low load', async () => {
    const waits = await waitsAt(0.2);
    expect(new Set(waits)).toEqual(new Set([0]));
  });

  it('A turn lingers under high load until its interval is over', async () => {
    const waits = await waitsAt(2);
    // The load counts as high once it has been so for a while.
    const first = waits.findIndex((wait) => wait > 0);
    expect(first).toBeGreaterThan(0);
    for (const wait of waits.slice(first)) {
      expect(wait).toBeGreaterThanOrEqual(19);
      expect(wait).toBeLessThanOrEqual(20);
    }
  });

  it('A turn no longer lingers once the load is low again', async () => {
    const pace = new Linger({ busyRate: 500, intervalMs: 20 });
    await pace.nextBatch();
    pace.record(1_000);
    expect(pace.waitMs).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(1_000);
    await pace.nextBatch();
    pace.record(1);
    expect(pace.waitMs).toBe(0);
  });

  it('A turn that lingers ends its wait when its signal aborts', async () => {
    const pace = new Linger({ busyRate: 500, intervalMs: 1_000_000 });
    await pace.nextBatch();
    pace.record(1_000);
    expect(pace.waitMs).toBeGreaterThan(0);
    const stopping = new AbortController();
    const turn = pace.nextBatch(stopping.signal);
    stopping.abort();
    await turn;
  });
});
