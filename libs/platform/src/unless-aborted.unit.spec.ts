import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { unlessAborted } from './unless-aborted';

const forever = () => new Promise<never>(() => {});

describe('unlessAborted', () => {
  it('Work that ends first gives its outcome and leaves no listener at the signal', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve('done'), signal)).toBe('done');
    await expect(unlessAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('Work whose signal aborts resolves at once with "aborted"', async () => {
    const controller = new AbortController();
    const outcome = unlessAborted(forever(), controller.signal);
    controller.abort();
    expect(await outcome).toBe('aborted');
    expect(await unlessAborted(forever(), controller.signal)).toBe('aborted');
  });
});
