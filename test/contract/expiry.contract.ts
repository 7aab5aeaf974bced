import { DbEventError, type Subscription, type SubscriptionExpiry } from '@dbem/db-event';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegistryHarness } from './subscription-registry.contract';

const ACTIVE = { publisher: 'registry', subscriber: 'sharing', entityTypes: ['PROJECT'] as const };
const DROPPING = { sinceMs: 5, state: 'dropping', by: 'me' } as const;
const DROPPED = { sinceMs: 5, state: 'dropped' } as const;

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

    const present = () => registry.map.get('registry', 'sharing') as Subscription;
    const mark = (expiry: SubscriptionExpiry) => registry.replace(present(), { ...present(), expiry });
    const subscribers = () => [registry, other].map(({ map }) => map.subscribersOf('registry', 'PROJECT'));

    it(`An expired subscription in ${name} gets no events from any manager, and stays in the map`, async () => {
      expect(await mark(DROPPING)).toBe(true);
      expect(subscribers()).toEqual([[], []]);
      expect(other.map.get('registry', 'sharing')).toMatchObject({ ...ACTIVE, expiry: DROPPING });
      expect(other.map.routedSubscriberNames()).toEqual([]);
      expect(other.map.subscriberNames()).toEqual(['sharing']);
    });

    it(`An expired subscription in ${name} is marked by exactly one of several managers, and only if it has not changed meanwhile`, async () => {
      const active = present();
      const markedBy = (by: string) => ({ ...active, expiry: { ...DROPPING, by } });
      const outcomes = await Promise.all([
        registry.replace(active, markedBy('one')),
        other.replace(active, markedBy('other')),
      ]);
      expect(outcomes.filter((isReplaced) => isReplaced)).toHaveLength(1);
      const dropped = { ...active, expiry: DROPPED };
      expect(await registry.replace(active, dropped)).toBe(false);
      expect(await registry.replace({ publisher: 'nobody', subscriber: 'sharing' }, dropped)).toBe(false);
    });

    it(`An expired subscription in ${name} is not the one that was created again meanwhile`, async () => {
      const before = present();
      await registry.remove('registry', 'sharing');
      await registry.put(ACTIVE);
      expect(await registry.replace(before, { ...before, expiry: DROPPED })).toBe(false);
      expect(present().expiry).toBeUndefined();
    });

    it(`An expired subscription in ${name} can’t be subscribed again while its queue is being deleted`, async () => {
      await mark(DROPPING);
      const refused = await other.put(ACTIVE).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(DbEventError);
      expect(refused).toMatchObject({ code: 'SUBSCRIPTION_EXPIRING', retryable: true });
      expect(subscribers()).toEqual([[], []]);
    });

    it(`An expired subscription in ${name} stays marked after the subscriber returns, until the subscriber reports that it is rebuilt`, async () => {
      await mark(DROPPING);
      await mark(DROPPED);
      expect(await other.put(ACTIVE)).toBe('changed');
      expect(subscribers()).toEqual([['sharing'], ['sharing']]);
      expect(present()).toMatchObject({ ...ACTIVE, expiry: { sinceMs: 5, state: 'returned' } });
      expect(await other.put(ACTIVE)).toBe('unchanged');
      expect(await other.put(ACTIVE, { rebuiltSinceMs: 4 })).toBe('unchanged');
      expect(await other.put(ACTIVE, { rebuiltSinceMs: 5 })).toBe('changed');
      expect(present()).toStrictEqual({ ...ACTIVE, generation: expect.any(String) });
    });

    it(`An expired subscription in ${name} can be created without a mark after it was removed`, async () => {
      await mark(DROPPED);
      expect(await registry.remove('registry', 'sharing')).toBe('removed');
      expect(await registry.put(ACTIVE)).toBe('created');
      expect(present()).toStrictEqual({ ...ACTIVE, generation: expect.any(String) });
    });
  });
}
