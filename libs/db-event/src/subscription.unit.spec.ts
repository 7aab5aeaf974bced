import { describe, expect, it } from 'vitest';
import {
  isRouted,
  isSameSubscription,
  normalizeSubscription,
  type Subscription,
  subscriptionAsked,
} from './subscription';
import type { SubscriptionExpiry } from './subscription-expiry';

const plain: Subscription = { publisher: 'user.profile', subscriber: 'sharing' };
const expiry: SubscriptionExpiry = { sinceMs: 1_000, state: 'dropped' };
const full: Subscription = {
  ...plain,
  entityTypes: ['TENANT', 'USER_PROFILE'],
  heartbeats: true,
  pauses: [{ by: 'ada', sinceMs: 1 }],
  expiry,
  generation: '7',
};

describe('normalizeSubscription', () => {
  it('Entity types are sorted and deduplicated', () => {
    expect(normalizeSubscription({ ...full, entityTypes: ['USER_PROFILE', 'TENANT', 'USER_PROFILE'] })).toStrictEqual(
      full,
    );
  });

  it('Undefined fields and an empty list of entity types are omitted', () => {
    const undefinedFields = { heartbeats: undefined, pauses: [], expiry: undefined, generation: undefined };
    expect(normalizeSubscription({ ...plain, entityTypes: [], ...undefinedFields })).toStrictEqual(plain);
    expect(normalizeSubscription({ ...plain, entityTypes: undefined })).toStrictEqual(plain);
  });
});

describe('isSameSubscription', () => {
  it('A subscription equals its copy', () => {
    expect(isSameSubscription(full, { ...full, entityTypes: ['TENANT', 'USER_PROFILE'], expiry: { ...expiry } })).toBe(
      true,
    );
    expect(isSameSubscription(plain, { ...plain })).toBe(true);
  });

  it.each<[string, Partial<Subscription>]>([
    ['publisher', { publisher: 'registry' }],
    ['subscriber', { subscriber: 'registry' }],
    ['set of entity types', { entityTypes: ['TENANT'] }],
    ['set of entity types: all', { entityTypes: undefined }],
    ['heartbeats flag', { heartbeats: undefined }],
    ['owner of its pause', { pauses: [{ by: 'bob', sinceMs: 1 }] }],
    ['time of its pause', { pauses: [{ by: 'ada', sinceMs: 2 }] }],
    ['number of pauses', { pauses: undefined }],
    ['generation', { generation: '8' }],
    ['expiry', { expiry: { ...expiry, state: 'returned' } }],
  ])('A subscription differs from one with another %s', (_field, other) => {
    expect(isSameSubscription(full, { ...full, ...other })).toBe(false);
    expect(isSameSubscription({ ...full, ...other }, full)).toBe(false);
  });
});

describe('isRouted', () => {
  it.each<[SubscriptionExpiry['state'] | undefined, boolean]>([
    [undefined, true],
    ['dropping', false],
    ['dropped', false],
    ['returned', true],
  ])('Events are routed to a subscription whose expiry is %s: %s', (state, expected) => {
    expect(isRouted({ ...plain, expiry: state && { sinceMs: 1_000, state } })).toBe(expected);
  });
});

describe('subscriptionAsked', () => {
  it.each([undefined, plain])('A subscription that has not expired becomes what its subscriber requests', (present) => {
    expect(subscriptionAsked(present, full)).toStrictEqual({ ...full, expiry: undefined });
  });

  it.each(['dropped', 'returned'] as const)(
    'An expired subscription that is %s returns, and keeps its expiry',
    (state) => {
      const present: Subscription = { ...plain, expiry: { sinceMs: 1_000, state, ofPaused: true } };
      const returned = { ...plain, heartbeats: true, expiry: { sinceMs: 1_000, state: 'returned' } } as const;
      expect(subscriptionAsked(present, { ...plain, heartbeats: true })).toStrictEqual(returned);
      expect(subscriptionAsked(present, { ...plain, heartbeats: true }, 999)).toStrictEqual(returned);
    },
  );

  it('An expiry ends when its subscriber reports a rebuild after that expiry', () => {
    const present: Subscription = { ...plain, expiry: { sinceMs: 1_000, state: 'returned' } };
    expect(subscriptionAsked(present, plain, 1_000)).toStrictEqual({ ...plain, expiry: undefined });
  });

  it('A request for a subscription whose queue is being deleted is rejected as retryable', () => {
    const present: Subscription = { ...plain, expiry: { sinceMs: 1_000, state: 'dropping' } };
    expect(() => subscriptionAsked(present, plain, 1_000)).toThrow(
      expect.objectContaining({
        code: 'SUBSCRIPTION_EXPIRING',
        retryable: true,
        message: expect.stringContaining('"sharing" to "user.profile"'),
      }),
    );
  });
});
