import { DbEventError } from '@dbem/db-event';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegistryHarness } from './subscription-registry.contract';

const ASKED = { publisher: 'registry', subscriber: 'sharing', entityTypes: ['PROJECT'] as const };
const DROPPING = { ...ASKED, expiry: { sinceMs: 5, state: 'dropping', by: 'me' } } as const;
const DROPPED = { ...ASKED, expiry: { sinceMs: 5, state: 'dropped' } } as const;

/** How a subscription expires, in every registry. */
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
      await registry.put(ASKED);
    });

    afterEach(async () => {
      await Promise.all([registry.stop(), other.stop()]);
      await harness.tearDown();
    });

    const subscribers = () => [registry, other].map(({ map }) => map.subscribersOf('registry', 'PROJECT'));

    it(`An expired subscription in ${name} is routed to by no manager, and stays in the map`, async () => {
      expect(await registry.replace(ASKED, DROPPING)).toBe(true);
      expect(subscribers()).toEqual([[], []]);
      expect(other.map.get('registry', 'sharing')).toEqual(DROPPING);
      expect(other.map.routedSubscriberNames()).toEqual([]);
      expect(other.map.subscriberNames()).toEqual(['sharing']);
    });

    it(`An expired subscription in ${name} is marked by one of several managers, and only if it has not changed meanwhile`, async () => {
      const expiryBy = (by: string) => ({ ...ASKED, expiry: { sinceMs: 5, state: 'dropping' as const, by } });
      const outcomes = await Promise.all([
        registry.replace(ASKED, expiryBy('one')),
        other.replace(ASKED, expiryBy('other')),
      ]);
      expect(outcomes.filter((isReplaced) => isReplaced)).toHaveLength(1);
      expect(await registry.replace(ASKED, DROPPED)).toBe(false);
      expect(await registry.replace({ publisher: 'nobody', subscriber: 'sharing' }, DROPPED)).toBe(false);
    });

    it(`An expired subscription in ${name} is not made again while its queue is being deleted`, async () => {
      await registry.replace(ASKED, DROPPING);
      const refused = await other.put(ASKED).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(DbEventError);
      expect(refused).toMatchObject({ code: 'SUBSCRIPTION_EXPIRING', retryable: true });
      expect(subscribers()).toEqual([[], []]);
    });

    it(`An expired subscription in ${name} stays marked after the subscriber’s return, until the subscriber reports its rebuild`, async () => {
      await registry.replace(ASKED, DROPPING);
      await registry.replace(DROPPING, DROPPED);
      expect(await other.put(ASKED)).toBe('changed');
      expect(subscribers()).toEqual([['sharing'], ['sharing']]);
      const returned = { ...ASKED, expiry: { sinceMs: 5, state: 'returned' } };
      expect(registry.map.get('registry', 'sharing')).toEqual(returned);
      expect(await other.put(ASKED)).toBe('unchanged');
      expect(await other.put(ASKED, { rebuiltSinceMs: 4 })).toBe('unchanged');
      expect(await other.put(ASKED, { rebuiltSinceMs: 5 })).toBe('changed');
      expect(registry.map.get('registry', 'sharing')).toEqual(ASKED);
    });

    it(`An expired subscription in ${name} is made afresh after it was removed`, async () => {
      await registry.replace(ASKED, DROPPED);
      expect(await registry.remove('registry', 'sharing')).toBe('removed');
      expect(await registry.put(ASKED)).toBe('created');
      expect(registry.map.get('registry', 'sharing')).toEqual(ASKED);
    });
  });
}
