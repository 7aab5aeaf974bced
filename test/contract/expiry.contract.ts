import { DbEventError } from '@dbem/db-event';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegistryHarness } from './subscription-registry.contract';

const ACTIVE = { publisher: 'registry', subscriber: 'sharing', entityTypes: ['PROJECT'] as const };
const DROPPING = { ...ACTIVE, expiry: { sinceMs: 5, state: 'dropping', by: 'me' } } as const;
const DROPPED = { ...ACTIVE, expiry: { sinceMs: 5, state: 'dropped' } } as const;

/** Expiry of subscriptions, for every registry. */
export function describeExpiry(name: string, setUp: () => Promise<RegistryHarness>): void {
  describe(`an expired subscription in ${name}`, () => {
    let harness: RegistryHarness;
    let registry: SubscriptionRegistry;
    let other: SubscriptionRegistry;

    beforeEach(async () => {
      harness = await setUp();
      [registry, other] = [harness.makeRegistry(), harness.makeRegistry()];
      for (const one of [registry, other]) {
        await one.start();
        await one.loaded();
      }
      await registry.put(ACTIVE);
    });

    afterEach(async () => {
      await Promise.all([registry.stop(), other.stop()]);
      await harness.tearDown();
    });

    const subscribers = () => [registry, other].map(({ map }) => map.subscribersOf('registry', 'PROJECT'));

    it(`An expired subscription in ${name} gets no events from any manager, and stays in the map`, async () => {
      expect(await registry.replace(ACTIVE, DROPPING)).toBe(true);
      expect(subscribers()).toEqual([[], []]);
      expect(other.map.get('registry', 'sharing')).toEqual(DROPPING);
      expect(other.map.routedSubscriberNames()).toEqual([]);
      expect(other.map.subscriberNames()).toEqual(['sharing']);
    });

    it(`An expired subscription in ${name} is marked by exactly one of several managers, and only if it has not changed meanwhile`, async () => {
      const expiryBy = (by: string) => ({ ...ACTIVE, expiry: { sinceMs: 5, state: 'dropping' as const, by } });
      const outcomes = await Promise.all([
        registry.replace(ACTIVE, expiryBy('one')),
        other.replace(ACTIVE, expiryBy('other')),
      ]);
      expect(outcomes.filter((isReplaced) => isReplaced)).toHaveLength(1);
      expect(await registry.replace(ACTIVE, DROPPED)).toBe(false);
      expect(await registry.replace({ publisher: 'nobody', subscriber: 'sharing' }, DROPPED)).toBe(false);
    });

    it(`An expired subscription in ${name} can’t be subscribed again while its queue is being deleted`, async () => {
      await registry.replace(ACTIVE, DROPPING);
      const refused = await other.put(ACTIVE).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(DbEventError);
      expect(refused).toMatchObject({ code: 'SUBSCRIPTION_EXPIRING', retryable: true });
      expect(subscribers()).toEqual([[], []]);
    });

    it(`An expired subscription in ${name} stays marked after the subscriber returns, until the subscriber reports that it is rebuilt`, async () => {
      await registry.replace(ACTIVE, DROPPING);
      await registry.replace(DROPPING, DROPPED);
      expect(await other.put(ACTIVE)).toBe('changed');
      expect(subscribers()).toEqual([['sharing'], ['sharing']]);
      const returned = { ...ACTIVE, expiry: { sinceMs: 5, state: 'returned' } };
      expect(registry.map.get('registry', 'sharing')).toEqual(returned);
      expect(await other.put(ACTIVE)).toBe('unchanged');
      expect(await other.put(ACTIVE, { rebuiltSinceMs: 4 })).toBe('unchanged');
      expect(await other.put(ACTIVE, { rebuiltSinceMs: 5 })).toBe('changed');
      expect(registry.map.get('registry', 'sharing')).toEqual(ACTIVE);
    });

    it(`An expired subscription in ${name} can be created without a mark after it was removed`, async () => {
      await registry.replace(ACTIVE, DROPPED);
      expect(await registry.remove('registry', 'sharing')).toBe('removed');
      expect(await registry.put(ACTIVE)).toBe('created');
      expect(registry.map.get('registry', 'sharing')).toEqual(ACTIVE);
    });
  });
}
