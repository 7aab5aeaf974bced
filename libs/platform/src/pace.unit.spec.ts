import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from './pace';

describe('Pace', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Lets `perMs` come each millisecond, for a second, to somebody whose turn takes no time. @returns how many each turn took. */
  async function turnsAt(perMs: number): Promise<number[]> {
    const pace = new Pace({ busyRate: 500, intervalMs: 20 });
    const taken: number[] = [];
    let waiting = 0;
    let turn: Promise<void> | undefined;
    for (let ms = 0; ms < 1_000; ms += 1) {
      waiting += perMs;
      if (waiting >= 1 && turn === undefined) {
        turn = pace.nextTurn().then(() => {
          taken.push(Math.floor(waiting));
          pace.took(Math.floor(waiting));
          waiting -= Math.floor(waiting);
          turn = undefined;
        });
      }
      await vi.advanceTimersByTimeAsync(1);
    }
    return taken;
  }

  it('lets a turn follow at once while few come', async () => {
    const taken = await turnsAt(0.2);
    expect(taken.length).toBeGreaterThan(190);
    expect(Math.max(...taken)).toBe(1);
  });

  it('spaces turns while many come', async () => {
    const taken = await turnsAt(2);
    expect(taken.length).toBeLessThan(200);
    expect(taken.at(-1)).toBeGreaterThanOrEqual(40);
  });

  it('waits no more once fewer come', async () => {
    const pace = new Pace({ busyRate: 500, intervalMs: 20 });
    await pace.nextTurn();
    pace.took(1_000);
    expect(pace.waitMs).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(1_000);
    await pace.nextTurn();
    pace.took(1);
    expect(pace.waitMs).toBe(0);
  });

  it('ends a wait when it is told to stop', async () => {
    const pace = new Pace({ busyRate: 500, intervalMs: 1_000_000 });
    await pace.nextTurn();
    pace.took(1_000);
    const stopping = new AbortController();
    const turn = pace.nextTurn(stopping.signal);
    stopping.abort();
    await turn;
  });
});
