import { ENTITY_TYPES } from '@dbem/db-event';
import fc from 'fast-check';
import { expect } from 'vitest';
import { subscriptionPath } from '../../../libs/subscription-registry/src/testing';
import type { MapIndexWorld } from './map-index-world';

const PUBLISHERS = ['tenant', 'user.profile'];
const KINDS = ['put', 'pause', 'remove', 'of-java', 'delete', 'make-plain', 'index', 'start'] as const;

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    publisher: fc.constantFrom(...PUBLISHERS),
    subscriber: fc.constantFrom('sharing', 'registry', 'audit'),
    entityTypes: fc.option(fc.uniqueArray(fc.constantFrom(...ENTITY_TYPES), { minLength: 1, maxLength: 2 }), {
      nil: undefined,
    }),
  }),
  { minLength: 4, maxLength: 16 },
);

/** Managers and others change the map in any order; a manager that starts always loads the map that is in the nodes. */
export async function expectMapOfNodesAtEachStart(world: MapIndexWorld, runs: number): Promise<void> {
  for (const publisher of PUBLISHERS) await world.createPublisher(publisher);
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      // Two managers that run all the time, and save indexes while others change the map.
      let registry = await world.startManager();
      await world.startManager();
      for (const { kind, ...subscription } of sequence) {
        const { publisher, subscriber } = subscription;
        const path = subscriptionPath(publisher, subscriber);
        if (kind === 'put') await registry.put(subscription);
        else if (kind === 'pause') {
          await registry.update(publisher, subscriber, (present) => ({
            ...present,
            pauses: [{ by: 'ada', sinceMs: 1 }],
          }));
        } else if (kind === 'remove') await registry.remove(publisher, subscriber);
        else if (kind === 'of-java') await world.nodes.createIfMissing(path, subscriber);
        else if (kind === 'delete') await world.nodes.removeIfThere(path);
        else if (kind === 'make-plain') {
          await world.nodes.removeIfThere(path);
          await world.createPlain(publisher, subscriber);
        } else if (kind === 'index') {
          await world.indexAgain(...PUBLISHERS);
          registry = await world.startManager();
        } else expect(await world.mapOfFreshStart()).toEqual(await world.mapOfNodes());
      }
      expect(await world.mapOfFreshStart()).toEqual(await world.mapOfNodes());
      await world.stopManagers();
    }),
    { numRuns: runs, endOnFailure: true },
  );
}
