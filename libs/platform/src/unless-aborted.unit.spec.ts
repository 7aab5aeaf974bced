import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { unlessAborted } from './unless-aborted';

const never = () => new Promise<never>(() => {});

describe('unlessAborted', () => {
  it('Work that ends before the abort yields its result and leaves no listener at the signal', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(unlessAborted(Promise.reject(new Error('failed')), signal)).rejects.toThrow('failed');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('An abort ends the wait for work that goes on and leaves no listener at the signal', async () => {
    const controller = new AbortController();
    const outcome = unlessAborted(never(), controller.signal);
    controller.abort();
    expect(await outcome).toBe('aborted');
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('An aborted signal keeps nothing waiting', async () => {
    expect(await unlessAborted(never(), AbortSignal.abort())).toBe('aborted');
  });
});
