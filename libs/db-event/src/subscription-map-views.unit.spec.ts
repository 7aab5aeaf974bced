import { describe, expect, it } from 'vitest';
import type { Subscription } from './subscription';
import { SubscriptionMap } from './subscription-map';

const expired: Subscription = { publisher: 'b', subscriber: 'v', expiry: { sinceMs: 1, state: 'dropped' } };
const MAP = SubscriptionMap.of([
  expired,
  { publisher: 'b', subscriber: 'u', pauses: [{ by: 'ada', sinceMs: 1 }] },
  { publisher: 'a', subscriber: 'u', heartbeats: true },
  { publisher: 'b', subscriber: 's', heartbeats: true },
  { publisher: 'a', subscriber: 't' },
  { publisher: 'b', subscriber: 't', entityTypes: ['GROUP'] },
]);

describe('SubscriptionMap', () => {
  it('Subscriptions are sorted by publisher, then subscriber', () => {
    const names = MAP.subscriptions().map(({ publisher, subscriber }) => publisher + subscriber);
    expect(names).toEqual(['at', 'au', 'bs', 'bt', 'bu', 'bv']);
    expect(MAP.subscriptionsTo('b').map(({ subscriber }) => subscriber)).toEqual(['s', 't', 'u', 'v']);
  });

  it('Names of publishers and subscribers are sorted and unique, and routed subscribers do not include expired ones', () => {
    expect(MAP.publisherNames()).toEqual(['a', 'b']);
    expect(MAP.subscriberNames()).toEqual(['s', 't', 'u', 'v']);
    expect(MAP.routedSubscriberNames()).toEqual(['s', 't', 'u']);
  });

  it('Heartbeats go to the subscribers that requested them', () => {
    expect(MAP.heartbeatSubscribersOf('b')).toEqual(['s']);
    expect(MAP.heartbeatSubscribersOf('a')).toEqual(['u']);
  });

  it('A publisher without subscriptions has no subscribers', () => {
    expect(MAP.hasPublisher('c')).toBe(false);
    expect(MAP.subscribersOf('c', 'GROUP')).toEqual([]);
    expect(MAP.heartbeatSubscribersOf('c')).toEqual([]);
    expect(MAP.get('c', 's')).toBeUndefined();
    expect(MAP.get('a', 's')).toBeUndefined();
    expect(MAP.without('c', 's')).toBe(MAP);
  });

  it('A publisher is removed from the map with its last subscription', () => {
    const map = MAP.without('a', 't').without('a', 'u');
    expect(map.hasPublisher('a')).toBe(false);
    expect(map.publisherNames()).toEqual(['b']);
    expect(MAP.withPublisher('b', []).publisherNames()).toEqual(['a']);
    expect(MAP.hasPublisher('a')).toBe(true);
  });

  it('A publisher’s subscriptions are replaced as a whole, and those of other publishers stay', () => {
    const map = MAP.withPublisher('b', [expired]);
    expect(map.subscriptionsTo('b')).toEqual([expired]);
    expect(map.subscriptionsTo('a')).toBe(MAP.subscriptionsTo('a'));
    expect(map.size).toBe(3);
  });

  it('Views of the map are frozen, and are the same objects until the map changes', () => {
    const views = () => [
      MAP.publisherNames(),
      MAP.subscriberNames(),
      MAP.routedSubscriberNames(),
      MAP.subscriptions(),
      MAP.pausedSubscriptions(),
      MAP.subscribersOf('b', 'GROUP'),
      MAP.heartbeatSubscribersOf('b'),
      MAP.subscribersOf('c', 'GROUP'),
    ];
    const again = views();
    for (const [index, view] of views().entries()) {
      expect(Object.isFrozen(view)).toBe(true);
      expect(view).toBe(again[index]);
    }
  });
});
