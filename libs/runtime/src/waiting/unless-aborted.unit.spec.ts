import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ABORTED, unlessAborted } from './unless-aborted';

describe('unlessAborted', () => {
  const never = new Promise<never>(() => {});

  it('Work that ends before the abort keeps its outcome, and leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    for (let time = 0; time < 20; time += 1) expect(await unlessAborted(Promise.resolve(time), signal)).toBe(time);
    await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('Work that is pending at the abort, or begins after it, is not awaited', async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(never, controller.signal);
    controller.abort();
    expect(await waiting).toBe(ABORTED);
    expect(await unlessAborted(never, controller.signal)).toBe(ABORTED);
  });

  it('Work that fails after the abort causes no unhandled rejection', async () => {
    const controller = new AbortController();
    let fail = (_error: Error) => {};
    const work = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    const waiting = unlessAborted(work, controller.signal);
    controller.abort();
    fail(new Error('too late'));
    expect(await waiting).toBe(ABORTED);
  });
});
