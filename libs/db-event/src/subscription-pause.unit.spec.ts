import { describe, expect, it } from 'vitest';
import type { Subscription } from './subscription';
import { isPaused, isSamePauses, pausedBy, pausesOf, resumedBy } from './subscription-pause';

const ADA = { by: 'ada', sinceMs: 1 };
const BOB = { by: 'bob', sinceMs: 2 };

describe('the pauses of a subscription', () => {
  it('A subscription is paused until each of its pauses has ended', () => {
    const subscription: Subscription = { publisher: 'registry', subscriber: 'sharing' };
    const paused = pausedBy(pausedBy(subscription, 'bob', 2), 'ada', 1);
    expect(paused).toEqual({ ...subscription, pauses: [ADA, BOB] });
    expect(isPaused(resumedBy(paused, 'bob'))).toBe(true);
    expect(isPaused(resumedBy(paused, 'eve'))).toBe(true);
    expect(isPaused(resumedBy(resumedBy(paused, 'bob'), 'ada'))).toBe(false);
    expect(isPaused({})).toBe(false);
  });

  it('A pause keeps its time when its owner pauses again', () => {
    const paused = pausedBy({}, 'ada', 1);
    expect(pausedBy(paused, 'ada', 9)).toBe(paused);
  });

  it('Pauses are equal if their owners and times are', () => {
    expect(isSamePauses([ADA, BOB], [{ ...ADA }, { ...BOB }])).toBe(true);
    expect(isSamePauses(undefined, [])).toBe(true);
    expect(isSamePauses([ADA], [ADA, BOB])).toBe(false);
    expect(isSamePauses([ADA], [{ ...ADA, sinceMs: 3 }])).toBe(false);
  });

  it('Pauses are read from JSON without those that are invalid, sorted by owner', () => {
    expect(pausesOf([BOB, null, { by: 7, sinceMs: 1 }, { by: 'eve', sinceMs: 1.5 }, 'ada', ADA])).toEqual([ADA, BOB]);
    expect(pausesOf({ ada: ADA })).toEqual([]);
    expect(pausesOf(undefined)).toEqual([]);
  });
});
