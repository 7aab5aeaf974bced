import { ENTITY_TYPES, type Subscription } from '@dbem/db-event';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

export interface RegistryHarness {
  /** Another manager's registry, not started. All registries of a harness share one store. */
  makeRegistry(): SubscriptionRegistry;
  tearDown(): Promise<void>;
}

/** The contract of every subscription registry, for one manager and for several. */
export function describeSubscriptionRegistry(name: string, setUp: () => Promise<RegistryHarness>, runs: number): void {
  describe(`${name} as a SubscriptionRegistry`, () => {
    let harness: RegistryHarness;
    let registries: SubscriptionRegistry[];

    beforeEach(async () => {
      harness = await setUp();
      registries = [];
    });

    afterEach(async () => {
      await Promise.all(registries.map((registry) => registry.stop()));
      await harness.tearDown();
    });

    async function started(): Promise<SubscriptionRegistry> {
      const registry = harness.makeRegistry();
      registries.push(registry);
      await registry.start();
      await registry.loaded();
      return registry;
    }

    const SHARING: Subscription = { publisher: 'user.profile', subscriber: 'sharing' };

    it(`${name} is empty at first, and ready when it is loaded`, async () => {
      const registry = await started();
      expect(registry.map.size).toBe(0);
      expect(registry.health().status).toBe('ready');
    });

    it(`${name} routes by a subscription after it was put`, async () => {
      const registry = await started();
      expect(await registry.put(SHARING)).toBe('created');
      expect(registry.map.subscribersOf('user.profile', 'USER_PROFILE')).toEqual(['sharing']);
      expect(registry.map.subscribersOf('profile', 'USER_PROFILE')).toEqual([]);
    });

    it(`${name} accepts the same subscription twice`, async () => {
      const registry = await started();
      await registry.put({ ...SHARING, entityTypes: ['TENANT', 'GROUP'] });
      expect(await registry.put({ ...SHARING, entityTypes: ['GROUP', 'TENANT', 'GROUP'] })).toBe('unchanged');
    });

    it(`${name} keeps a subscription paused when the service subscribes again`, async () => {
      const registry = await started();
      await registry.put(SHARING);
      const pauses = [{ by: 'ada', sinceMs: 1 }];
      const pause = (present: Subscription): Subscription => ({ ...present, pauses });
      expect(await registry.update('user.profile', 'sharing', pause)).toBe('changed');
      expect(await registry.put({ ...SHARING, entityTypes: ['GROUP'], heartbeats: true })).toBe('changed');
      expect(registry.map.get('user.profile', 'sharing')).toEqual({
        ...SHARING,
        entityTypes: ['GROUP'],
        heartbeats: true,
        pauses,
        generation: expect.any(String),
      });
    });

    it(`${name} updates a subscription from its current state, even if several managers do so concurrently`, async () => {
      const [one, other] = [await started(), await started()];
      await one.put(SHARING);
      const types = ENTITY_TYPES.slice(0, 6);
      const outcomes = await Promise.all(
        types.map((entityType, index) =>
          (index % 2 === 0 ? one : other).update('user.profile', 'sharing', (present) => ({
            ...present,
            entityTypes: [...(present.entityTypes ?? []), entityType],
          })),
        ),
      );
      expect(outcomes).toEqual(types.map(() => 'changed'));
      expect(one.map.get('user.profile', 'sharing')?.entityTypes).toEqual([...types].sort());
      expect(await one.update('user.profile', 'sharing', () => undefined)).toBe('unchanged');
      expect(await one.update('user.profile', 'nobody', (present) => present)).toBe('absent');
    });

    it(`${name} replaces the filter of a subscription`, async () => {
      const registry = await started();
      await registry.put({ ...SHARING, entityTypes: ['TENANT'] });
      expect(registry.map.subscribersOf('user.profile', 'USER_PROFILE')).toEqual([]);
      expect(await registry.put({ ...SHARING, entityTypes: ['USER_PROFILE'] })).toBe('changed');
      expect(registry.map.subscribersOf('user.profile', 'USER_PROFILE')).toEqual(['sharing']);
      expect(registry.map.subscribersOf('user.profile', 'TENANT')).toEqual([]);
      expect(await registry.put(SHARING)).toBe('changed');
      expect(registry.map.subscribersOf('user.profile', 'TENANT')).toEqual(['sharing']);
    });

    it(`${name} gives a subscription that was removed and created again another generation, and no other change does`, async () => {
      const [registry, other] = [await started(), await started()];
      const generation = () => registry.map.get('user.profile', 'sharing')?.generation;
      await registry.put(SHARING);
      const first = generation();
      expect(first).toEqual(expect.any(String));
      await other.put({ ...SHARING, entityTypes: ['GROUP'] });
      expect(generation()).toBe(first);
      await other.remove('user.profile', 'sharing');
      await other.put(SHARING);
      expect(generation()).toEqual(expect.any(String));
      expect(generation()).not.toBe(first);
      expect(other.map.get('user.profile', 'sharing')).toEqual(registry.map.get('user.profile', 'sharing'));
    });

    it(`${name} removes a subscription, and reports a missing one as absent`, async () => {
      const registry = await started();
      await registry.put(SHARING);
      expect(await registry.remove('user.profile', 'sharing')).toBe('removed');
      expect(registry.map.size).toBe(0);
      expect(await registry.remove('user.profile', 'sharing')).toBe('absent');
      expect(await registry.remove('unknown', 'sharing')).toBe('absent');
    });

    it(`${name} resolves a change only when every running manager routes by it`, async () => {
      const [first, second, third] = [await started(), await started(), await started()];
      for (let round = 0; round < 10; round += 1) {
        await first.put({ ...SHARING, subscriber: `s${round}` });
        for (const other of [second, third]) expect(other.map.get('user.profile', `s${round}`)).toBeDefined();
      }
      await second.put({ ...SHARING, subscriber: 's0', entityTypes: ['TENANT'] });
      for (const other of [first, third]) expect(other.map.get('user.profile', 's0')?.entityTypes).toEqual(['TENANT']);
      await third.remove('user.profile', 's0');
      for (const other of [first, second]) expect(other.map.get('user.profile', 's0')).toBeUndefined();
    });

    it(`${name} loads the whole map for a manager that joins later`, async () => {
      const first = await started();
      await first.put({ ...SHARING, entityTypes: ['GROUP'] });
      const late = await started();
      expect(late.map.subscriptions()).toEqual(first.map.subscriptions());
      expect(late.map.subscriptions()).toMatchObject([{ ...SHARING, entityTypes: ['GROUP'] }]);
    });

    it(`${name} keeps the map after all managers have stopped`, async () => {
      const first = await started();
      await first.put(SHARING);
      await first.stop();
      expect((await started()).map.subscriptions()).toMatchObject([SHARING]);
    });

    it(`${name} lists the running managers`, async () => {
      const [first, second] = [await started(), await started()];
      expect(await first.members()).toHaveLength(2);
      await second.stop();
      await expect.poll(() => first.members()).toHaveLength(1);
    });

    it(`${name} gives each manager a higher term than any manager got before`, async () => {
      const [one, other] = [await started(), await started()];
      const first = await one.nextTerm();
      const atOnce = await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 ? one : other).nextTerm()));
      expect(new Set(atOnce).size).toBe(10);
      expect(Math.min(...atOnce)).toBeGreaterThan(first);
      expect(await other.nextTerm()).toBeGreaterThan(Math.max(...atOnce));
    });

    it(`${name} notifies its listeners of every manager’s changes until they are removed`, async () => {
      const [first, second] = [await started(), await started()];
      const sizes: number[] = [];
      const unsubscribe = first.onChange((map) => sizes.push(map.size));
      await second.put(SHARING);
      expect(sizes.at(-1)).toBe(1);
      unsubscribe();
      const calls = sizes.length;
      await second.remove('user.profile', 'sharing');
      expect(sizes).toHaveLength(calls);
    });

    it(`${name} routes by another manager’s report until it has read the same revision from the store`, async () => {
      const registry = await started();
      await registry.put(SHARING);
      const { revision } = registry.report('tenant');
      const reported = { publisher: 'tenant', subscriber: 'reported' };
      registry.learn({ publisher: 'tenant', revision: revision + 1n, subscriptions: [reported] });
      expect(registry.map.subscriptions()).toMatchObject([reported, SHARING]);
      registry.learn({ publisher: 'tenant', revision, subscriptions: [] });
      expect(registry.map.get('tenant', 'reported')).toEqual(reported);
      // Any later change makes it read the store, which does not contain the reported subscription.
      await registry.put({ ...SHARING, subscriber: 'registry' });
      await registry.put({ ...SHARING, subscriber: 'other' });
      expect(registry.map.get('tenant', 'reported')).toBeUndefined();
      expect(registry.map.size).toBe(3);
    });

    it(`${name} reports the subscriptions that another manager would read`, async () => {
      const [first, second] = [await started(), await started()];
      await first.put({ ...SHARING, entityTypes: ['GROUP'] });
      const report = first.report('user.profile');
      expect(report).toEqual({
        publisher: 'user.profile',
        revision: second.report('user.profile').revision,
        subscriptions: [second.map.get('user.profile', 'sharing')],
      });
      await second.refresh();
      await second.stop();
      await expect(second.refresh()).rejects.toMatchObject({ code: 'MAP_UNAVAILABLE', retryable: true });
    });

    it(`${name} rejects changes after it was stopped`, async () => {
      const registry = await started();
      await registry.stop();
      await registry.stop();
      expect(registry.health().status).toBe('stopped');
      await expect(registry.put(SHARING)).rejects.toMatchObject({ code: 'MAP_UNAVAILABLE', retryable: true });
    });

    it(`${name} has the same map on all managers, whatever they change concurrently`, async () => {
      const managers = [await started(), await started()];
      const publishers = ['a', 'b.c'];
      const subscribers = ['s', 't', 'u.v'];
      const step = fc.record({
        manager: fc.nat(1),
        publisher: fc.constantFrom(...publishers),
        subscriber: fc.constantFrom(...subscribers),
        entityTypes: fc.option(fc.uniqueArray(fc.constantFrom(...ENTITY_TYPES), { minLength: 1, maxLength: 3 }), {
          nil: undefined,
        }),
        isRemoval: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          // Changes of one pair are made in order; different pairs are changed concurrently.
          const pairs = new Map<string, typeof steps>();
          for (const one of steps) {
            const pair = `${one.publisher}|${one.subscriber}`;
            pairs.set(pair, [...(pairs.get(pair) ?? []), one]);
          }
          await Promise.all(
            [...pairs.values()].map(async (changes) => {
              for (const { manager, isRemoval, ...subscription } of changes) {
                const registry = managers[manager];
                if (isRemoval) await registry?.remove(subscription.publisher, subscription.subscriber);
                else await registry?.put(subscription);
              }
            }),
          );
          for (const changes of pairs.values()) {
            const { isRemoval, manager: _any, ...last } = changes.at(-1) as (typeof steps)[number];
            for (const { map } of managers) {
              const found = map.get(last.publisher, last.subscriber);
              if (isRemoval) expect(found).toBeUndefined();
              else expect(found?.entityTypes).toEqual(last.entityTypes && [...last.entityTypes].sort());
            }
          }
        }),
        { numRuns: runs },
      );
    });
  });
}
