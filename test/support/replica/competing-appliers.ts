import fc from 'fast-check';
import { Pool } from 'pg';
import { expect } from 'vitest';
import type { ApplierHarness } from './applier-harness';
import { projectEvent } from './project-events';

const change = fc.record({
  entity: fc.constantFrom('a', 'b', 'c'),
  isDelete: fc.boolean(),
  deliveries: fc.integer({ min: 1, max: 3 }),
});

/**
 * Delivers random changes up to three times each, in random order, to two appliers, and expects the replica to end with
 * the newest version of each entity.
 */
export async function expectConvergence(harness: ApplierHarness, numRuns: number): Promise<void> {
  const otherPool = new Pool({ connectionString: harness.database.url });
  await Promise.all([harness.startApplier(), harness.startApplier(otherPool)]);
  let round = 0;
  let version = 0n;
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      async (changes, noise) => {
        round += 1;
        const model = new Map<string, string | undefined>();
        const bodies: Buffer[] = [];
        for (const { entity, isDelete, deliveries } of changes) {
          version += 1n;
          const id = `${round}-${entity}`;
          model.set(id, isDelete ? undefined : `v${version}`);
          for (let delivery = 0; delivery < deliveries; delivery += 1)
            bodies.push(projectEvent(id, version, `v${version}`, isDelete ? 'DELETE' : 'UPDATE'));
        }
        const shuffled = bodies
          .map((body) => ({ body, place: noise.next().value as number }))
          .sort((left, right) => left.place - right.place);
        const before = harness.counts.applied + harness.counts.stale;
        await Promise.all(shuffled.map(({ body }) => harness.send(body)));
        await harness.untilProcessed(before + bodies.length);
        const expected = [...model].flatMap(([id, name]) => (name === undefined ? [] : [{ id, name }]));
        const actual = (await harness.rows()).filter(({ id }) => id.startsWith(`${round}-`));
        expect(actual).toEqual(expected.sort((left, right) => (left.id < right.id ? -1 : 1)));
      },
    ),
    { numRuns, endOnFailure: true },
  );
  await harness.end();
  await otherPool.end();
}
