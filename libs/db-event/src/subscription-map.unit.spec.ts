import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENTITY_TYPES } from './entity-type';
import { normalizeSubscription } from './subscription';
import { SubscriptionMap } from './subscription-map';

const name = fc.constantFrom('profile', 'user.profile', 'profile.user', 'sharing', 'registry');
const subscription = fc
  .record({
    publisher: name,
    subscriber: name,
    entityTypes: fc.option(fc.uniqueArray(fc.constantFrom(...ENTITY_TYPES), { minLength: 1 }), { nil: undefined }),
  })
  .map(normalizeSubscription);

describe('SubscriptionMap', () => {
  it('A subscription map returns exactly the subscribers of a publisher and entity type', () => {
    fc.assert(
      fc.property(
        fc.array(subscription),
        name,
        fc.constantFrom(...ENTITY_TYPES),
        (subscriptions, publisher, entityType) => {
          const last = new Map(subscriptions.map((one) => [`${one.publisher}|${one.subscriber}`, one]));
          const expected = [...last.values()]
            .filter((one) => one.publisher === publisher)
            .filter(({ entityTypes }) => entityTypes === undefined || entityTypes.includes(entityType))
            .map(({ subscriber }) => subscriber)
            .sort();
          expect(SubscriptionMap.of(subscriptions).subscribersOf(publisher, entityType)).toEqual(expected);
        },
      ),
    );
  });

  it('A subscription map is the same whether it is built at once or change by change', () => {
    const step = fc.record({ subscription, isRemoval: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const model = new Map<string, (typeof steps)[number]['subscription']>();
        let map = SubscriptionMap.EMPTY;
        for (const { subscription: one, isRemoval } of steps) {
          const key = `${one.publisher}|${one.subscriber}`;
          if (isRemoval) model.delete(key);
          else model.set(key, one);
          map = isRemoval ? map.without(one.publisher, one.subscriber) : map.with(one);
        }
        expect(map.subscriptions()).toEqual(SubscriptionMap.of(model.values()).subscriptions());
        expect(map.size).toBe(model.size);
      }),
    );
  });

  it('A subscription map is not modified when another map is derived from it', () => {
    const before = SubscriptionMap.of([{ publisher: 'a', subscriber: 's' }]);
    before.with({ publisher: 'a', subscriber: 't' });
    before.without('a', 's');
    expect(before.subscriptions()).toEqual([{ publisher: 'a', subscriber: 's' }]);
  });

  it('A subscription map lists the subscriptions of a publisher, and the paused subscriptions', () => {
    const paused = { publisher: 'b', subscriber: 's', pauses: [{ by: 'ada', sinceMs: 1 }] };
    const map = SubscriptionMap.of([paused, { publisher: 'a', subscriber: 't' }, { publisher: 'a', subscriber: 's' }]);
    expect(map.subscriptionsTo('a').map(({ subscriber }) => subscriber)).toEqual(['s', 't']);
    expect(map.subscriptionsTo('c')).toEqual([]);
    expect(map.pausedSubscriptions()).toEqual([paused]);
    expect(map.with({ publisher: 'b', subscriber: 's' }).pausedSubscriptions()).toEqual([]);
  });

  it('A subscription map returns the same array until the publisher’s subscriptions change', () => {
    const map = SubscriptionMap.of([{ publisher: 'a', subscriber: 's' }]);
    const other = map.with({ publisher: 'b', subscriber: 's' });
    expect(other.subscribersOf('a', 'GROUP')).toBe(map.subscribersOf('a', 'GROUP'));
  });
});
