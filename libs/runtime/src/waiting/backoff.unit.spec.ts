import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Backoff, pause } from './backoff';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function pauses(backoff: Backoff, count: number): number[] {
  return Array.from({ length: count }, () => backoff.next());
}

describe('Backoff', () => {
  it.each([
    [0, [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]],
    [0.5, [75, 150, 300, 600, 1_200, 2_400, 4_800, 7_500, 7_500]],
    [1, [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]],
  ])(
    'Pauses by default grow from 100 ms to 10 s, from half of the bound (chance 0) to all of it (1): chance %s',
    (chance, expected) => {
      vi.spyOn(Math, 'random').mockReturnValue(chance);
      expect(pauses(new Backoff(), expected.length)).toEqual(expected);
    },
  );

  it('Pauses keep their own first and greatest bound, however many they are', () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const backoff = new Backoff({ initialMs: 7, maxMs: 1_000 });
    expect(pauses(backoff, 2_000).slice(-3)).toEqual([1_000, 1_000, 1_000]);
    backoff.reset();
    expect(pauses(backoff, 2)).toEqual([7, 14]);
  });

  it('A backoff doubles the bound of its pauses up to the maximum, and starts again after a reset', () => {
    const backoff = new Backoff({ initialMs: 100, maxMs: 1_000 });
    for (const bound of [100, 200, 400, 800, 1_000, 1_000]) {
      const next = backoff.next();
      expect(next).toBeGreaterThanOrEqual(bound / 2);
      expect(next).toBeLessThanOrEqual(bound);
    }
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(100);
  });
});

describe('pause', () => {
  it('A pause lasts as long as it was asked for, and lets go of its signal', async () => {
    vi.useFakeTimers();
    const { signal } = new AbortController();
    let isOver = false;
    const paused = pause(1_000, signal).then(() => {
      isOver = true;
    });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(999);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await paused;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('A pause that is ended early leaves neither a timer nor a listener behind', async () => {
    vi.useFakeTimers();
    const stopping = new AbortController();
    const paused = pause(1_000, stopping.signal);
    stopping.abort();
    await paused;
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(stopping.signal, 'abort')).toHaveLength(0);
    await pause(1_000, stopping.signal);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('A pause without a signal ends by itself', async () => {
    vi.useFakeTimers();
    const paused = pause(1);
    await vi.advanceTimersByTimeAsync(1);
    await paused;
  });

  it('A pause ends at once when its signal aborts, also if it had aborted before', async () => {
    const controller = new AbortController();
    const paused = pause(3_600_000, controller.signal);
    controller.abort();
    await paused;
    await pause(3_600_000, controller.signal);
  });
});
