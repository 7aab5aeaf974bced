import { DbEventError } from '@dbem/db-event';
import { projectCodec } from '@dbem/entity-codec';
import { HandlerTable } from '@dbem/replica';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApplierHarness } from '../support/replica/applier-harness';
import { expectConvergence } from '../support/replica/competing-appliers';
import { projectEvent } from '../support/replica/project-events';
import { waitFor } from '../support/waiting/wait-for';

describe('Applier with a real database and broker', () => {
  let harness: ApplierHarness;

  beforeAll(async () => {
    harness = await ApplierHarness.start();
  });

  beforeEach(async () => {
    await harness.begin();
  });

  afterEach(async () => {
    await harness.end();
  });

  afterAll(async () => {
    await harness.stop();
  });

  it('A change is applied once, however often it is delivered', async () => {
    await harness.startApplier();
    for (let time = 0; time < 3; time += 1) await harness.send(projectEvent('p', 5n, 'five'));
    await harness.untilProcessed(3);
    expect(harness.handled).toHaveLength(1);
    expect(harness.counts).toMatchObject({ applied: 1, stale: 2 });
  });

  it('A replica row never goes back to an older version', async () => {
    await harness.startApplier();
    await harness.send(projectEvent('p', 5n, 'five'));
    await harness.untilProcessed(1);
    await harness.send(projectEvent('p', 4n, 'four'));
    await harness.untilProcessed(2);
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'five' }]);
  });

  it('A deleted row is not restored by an older update, only by a newer one', async () => {
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await harness.untilProcessed(1);
    await harness.send(projectEvent('p', 3n, 'three', 'DELETE'));
    await harness.untilProcessed(2);
    await harness.send(projectEvent('p', 2n, 'two'));
    await harness.send(projectEvent('p', 3n, 'three', 'READ'));
    await harness.untilProcessed(4);
    expect(await harness.rows()).toEqual([]);
    await harness.send(projectEvent('p', 4n, 'four'));
    await harness.untilProcessed(5);
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'four' }]);
    expect(harness.handled.map(({ isFirst }) => isFirst)).toEqual([true, false, true]);
  });

  // More runs: replica.long.spec.ts.
  it('A replica ends at the newest version of each entity, in any order of arrival, with two competing appliers', async () => {
    await expectConvergence(harness, 25);
  });

  it('A legacy publisher’s events that no event manager counted are applied in the order of delivery', async () => {
    await harness.startApplier();
    for (const name of ['one', 'two', 'three']) {
      await harness.send(projectEvent('p', undefined, name));
      await harness.untilProcessed(harness.handled.length + 1);
    }
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'three' }]);
    await harness.send(projectEvent('p', undefined, 'three', 'DELETE'));
    await waitFor(async () => (await harness.rows()).length === 0);
  });

  it('A version stays in the gate when an event without a version replaces its event in the same batch', async () => {
    await harness.send(projectEvent('p', 5n, 'five'));
    await harness.send(projectEvent('p', undefined, 'later'));
    await harness.startApplier();
    await harness.untilProcessed(2);
    await harness.send(projectEvent('p', 4n, 'four'));
    await harness.untilProcessed(3);
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'later' }]);
  });
});

describe('HandlerTable', () => {
  it('A handler table rejects a second handler for the same entity type of a publisher', () => {
    const handler = { publisher: 'a', codec: projectCodec, upsert: async () => {}, remove: async () => {} };
    expect(() => new HandlerTable([handler, handler])).toThrow(DbEventError);
  });
});
