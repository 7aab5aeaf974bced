import { describe, expect, it } from 'vitest';
import { expiryOf, isSameExpiry, type SubscriptionExpiry } from './subscription-expiry';

const dropping: SubscriptionExpiry = { sinceMs: 1_000, state: 'dropping', by: 'manager-1', ofPaused: true };

describe('expiryOf', () => {
  it.each<SubscriptionExpiry>([
    dropping,
    { sinceMs: 0, state: 'dropped' },
    { sinceMs: 5, state: 'returned' },
    { sinceMs: 5, state: 'dropped', ofPaused: true },
    { sinceMs: 5, state: 'dropping', by: '' },
  ])('An expiry that was written as JSON is read back unchanged: %o', (expiry) => {
    expect(expiryOf(JSON.parse(JSON.stringify(expiry)))).toStrictEqual(expiry);
  });

  it.each([
    undefined,
    null,
    'dropped',
    7,
    [],
    {},
    { state: 'dropped' },
    { sinceMs: 1.5, state: 'dropped' },
    { sinceMs: '1', state: 'dropped' },
    { sinceMs: 1 },
    { sinceMs: 1, state: '' },
    { sinceMs: 1, state: 'paused' },
  ])('%j is not an expiry', (value) => {
    expect(expiryOf(value)).toBeUndefined();
  });

  it('Unknown fields and fields of the wrong type are left out of an expiry', () => {
    const read = expiryOf({ sinceMs: 1, state: 'dropped', by: 7, ofPaused: 'true', more: 1 });
    expect(read).toStrictEqual({ sinceMs: 1, state: 'dropped' });
    expect(expiryOf({ sinceMs: 1, state: 'dropped', ofPaused: false })).toStrictEqual({ sinceMs: 1, state: 'dropped' });
  });
});

describe('isSameExpiry', () => {
  it('An expiry equals its copy, and undefined equals undefined', () => {
    expect(isSameExpiry(dropping, { ...dropping })).toBe(true);
    expect(isSameExpiry(undefined, undefined)).toBe(true);
  });

  it.each<[string, SubscriptionExpiry | undefined]>([
    ['none', undefined],
    ['one with another time', { ...dropping, sinceMs: 1_001 }],
    ['one in another state', { ...dropping, state: 'dropped' }],
    ['one of another event manager', { ...dropping, by: 'manager-2' }],
    ['one of the whole service queue', { ...dropping, ofPaused: undefined }],
  ])('An expiry differs from %s', (_what, other) => {
    expect(isSameExpiry(dropping, other)).toBe(false);
    expect(isSameExpiry(other, dropping)).toBe(false);
  });
});
