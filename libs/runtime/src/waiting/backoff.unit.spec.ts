import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Backoff, pause } from './backoff';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function delays(backoff: Backoff, count: number): number[] {
  return Array.from({ length: count }, () => backoff.next());
}

describe('Backoff', () => {
  it.each([
    [0, [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]],
    [0.5, [75, 150, 300, 600, 1_200, 2_400, 4_800, 7_500, 7_500]],
    [1, [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]],
  ])(
    'Delays by default have a bound of 100 ms to 10 s, and are random between half the bound (0) and the bound (1): %s',
    (random, expected) => {
      vi.spyOn(Math, 'random').mockReturnValue(random);
      expect(delays(new Backoff(), expected.length)).toEqual(expected);
    },
  );

  it('Delays keep to the given initial and maximum bound, also after many retries', () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const backoff = new Backoff({ initialMs: 7, maxMs: 1_000 });
    expect(delays(backoff, 2_000).slice(-3)).toEqual([1_000, 1_000, 1_000]);
    backoff.reset();
    expect(delays(backoff, 2)).toEqual([7, 14]);
  });

  it('A backoff doubles the bound of its delays up to the maximum, and restarts after a reset', () => {
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
  it('A pause resolves after the requested time, and removes its listener from the signal', async () => {
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

  it('A pause that is aborted leaves no timer and no listener', async () => {
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

  it('A pause without a signal resolves by itself', async () => {
    vi.useFakeTimers();
    const paused = pause(1);
    await vi.advanceTimersByTimeAsync(1);
    await paused;
  });

  it('A pause resolves at once when its signal aborts, or if the signal has already aborted', async () => {
    const controller = new AbortController();
    const paused = pause(3_600_000, controller.signal);
    controller.abort();
    await paused;
    await pause(3_600_000, controller.signal);
  });
});
