import { DbEventError } from '@dbem/db-event';
import { projectCodec } from '@dbem/entity-codec';
import { HandlerTable } from '@dbem/replica';
import fc from 'fast-check';
import { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import { ApplierHarness, projectEvent } from '../support/replica/applier-harness';

describe('Applier on a real database and broker', () => {
  let harness: ApplierHarness;

  beforeEach(async () => {
    harness = await ApplierHarness.start();
  });

  afterEach(async () => {
    await harness.stop();
  });

  it('applies a change once, however often it is delivered', async () => {
    await harness.startApplier();
    for (let time = 0; time < 3; time += 1) await harness.send(projectEvent('p', 5n, 'five'));
    await harness.settled(3);
    expect(harness.handled).toHaveLength(1);
    expect(harness.counts).toMatchObject({ applied: 1, stale: 2 });
  });

  it('never goes back to an older version', async () => {
    await harness.startApplier();
    await harness.send(projectEvent('p', 5n, 'five'));
    await harness.settled(1);
    await harness.send(projectEvent('p', 4n, 'four'));
    await harness.settled(2);
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'five' }]);
  });

  it('does not let a late update bring back what was deleted, but a newer one', async () => {
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await harness.settled(1);
    await harness.send(projectEvent('p', 3n, 'three', 'DELETE'));
    await harness.settled(2);
    await harness.send(projectEvent('p', 2n, 'two'));
    await harness.send(projectEvent('p', 3n, 'three', 'READ'));
    await harness.settled(4);
    expect(await harness.rows()).toEqual([]);
    await harness.send(projectEvent('p', 4n, 'four'));
    await harness.settled(5);
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'four' }]);
    expect(harness.handled.map(({ isFirst }) => isFirst)).toEqual([true, false, true]);
  });

  it('ends at the newest version of each entity, in any order of arrival, with two instances competing', async () => {
    const otherPool = new Pool({ connectionString: harness.database.url });
    await Promise.all([harness.startApplier(), harness.startApplier(otherPool)]);
    const change = fc.record({
      entity: fc.constantFrom('a', 'b', 'c'),
      isDelete: fc.boolean(),
      copies: fc.integer({ min: 1, max: 3 }),
    });
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
          for (const { entity, isDelete, copies } of changes) {
            version += 1n;
            const id = `${round}-${entity}`;
            model.set(id, isDelete ? undefined : `v${version}`);
            for (let copy = 0; copy < copies; copy += 1)
              bodies.push(projectEvent(id, version, `v${version}`, isDelete ? 'DELETE' : 'UPDATE'));
          }
          const shuffled = bodies
            .map((body) => ({ body, place: noise.next().value as number }))
            .sort((left, right) => left.place - right.place);
          const before = harness.counts.applied + harness.counts.stale;
          await Promise.all(shuffled.map(({ body }) => harness.send(body)));
          await harness.settled(before + bodies.length);
          const expected = [...model].flatMap(([id, name]) => (name === undefined ? [] : [{ id, name }]));
          const actual = (await harness.rows()).filter(({ id }) => id.startsWith(`${round}-`));
          expect(actual).toEqual(expected.sort((left, right) => (left.id < right.id ? -1 : 1)));
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
    await harness.stopAppliers();
    await otherPool.end();
  });

  it('applies an old publisher’s events, which have no version, in the order of their arrival', async () => {
    await harness.startApplier();
    for (const name of ['one', 'two', 'three']) {
      await harness.send(projectEvent('p', undefined, name));
      await harness.settled(harness.handled.length + 1);
    }
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'three' }]);
    await harness.send(projectEvent('p', undefined, 'three', 'DELETE'));
    await waitFor(async () => (await harness.rows()).length === 0);
  });

  it('remembers the version that an event without one took the place of, in the same batch', async () => {
    await harness.send(projectEvent('p', 5n, 'five'));
    await harness.send(projectEvent('p', undefined, 'later'));
    await harness.startApplier();
    await harness.settled(2);
    await harness.send(projectEvent('p', 4n, 'four'));
    await harness.settled(3);
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'later' }]);
  });
});

describe('HandlerTable', () => {
  it('refuses two handlers for the same', () => {
    const handler = { publisher: 'a', codec: projectCodec, upsert: async () => {}, remove: async () => {} } as never;
    expect(() => new HandlerTable([handler, handler])).toThrow(DbEventError);
  });
});
