import { ARRIVAL_HEADER } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApplierHarness } from '../support/replica/applier-harness';
import { arrivedAs, projectEvent } from '../support/replica/project-events';
import { CompetingGates } from '../support/version-gate/competing-gates';

describe('Events of legacy publishers, which have an arrival instead of a version', () => {
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

  /** Sends an event of the project `p`, and waits until it is applied or stale. */
  async function deliver(arrival: number, name: string, crudType: 'CREATE' | 'UPDATE' | 'DELETE' = 'UPDATE') {
    const { applied, stale } = harness.counts;
    await harness.send(projectEvent('p', undefined, name, crudType), arrivedAs(arrival));
    await harness.untilProcessed(applied + stale + 1);
  }

  it('An event that is delivered after one with a later arrival is stale', async () => {
    await harness.startApplier();
    await deliver(2, 'two');
    await deliver(1, 'one');
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'two' }]);
    expect(harness.counts).toMatchObject({ applied: 1, stale: 1 });
  });

  it('A row that was deleted is not restored by an earlier create, only by a later one', async () => {
    await harness.startApplier();
    await deliver(2, 'two', 'DELETE');
    await deliver(1, 'one', 'CREATE');
    expect(await harness.rows()).toEqual([]);
    await deliver(3, 'three', 'CREATE');
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'three' }]);
    expect(harness.counts).toMatchObject({ applied: 2, stale: 1 });
  });

  it('An event is applied once, however often it is delivered', async () => {
    await harness.startApplier();
    for (let time = 0; time < 3; time += 1) await deliver(1, 'one');
    expect(harness.handled).toHaveLength(1);
    expect(harness.counts).toMatchObject({ applied: 1, stale: 2 });
  });

  it('An event that no event manager counted passes always, and the next one is still compared with the last arrival', async () => {
    await harness.startApplier();
    await deliver(2, 'two');
    await harness.send(projectEvent('p', undefined, 'none'), { [ARRIVAL_HEADER]: 'none' });
    await harness.untilProcessed(2);
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'none' }]);
    await deliver(2, 'two');
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'none' }]);
    await deliver(3, 'three');
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'three' }]);
  });

  it('Two instances that compete for an entity end with the latest arrival, whichever comes first', async () => {
    const gates = await CompetingGates.start(harness.database.pool);
    try {
      for (let entity = 0; entity < 50; entity += 1) {
        const [earlier, later] = [BigInt(2 * entity + 1), BigInt(2 * entity + 2)];
        for (const id of [`new-${entity}`, `present-${entity}`]) {
          if (id.startsWith('present'))
            await gates.apply({ id: `${id}-a`, arrival: 0n }, { id: `${id}-b`, arrival: 0n });
          await gates.compete({ id: `${id}-a`, arrival: earlier }, { id: `${id}-a`, arrival: later });
          await gates.compete({ id: `${id}-b`, arrival: later }, { id: `${id}-b`, arrival: earlier });
          const ended = { name: String(later) };
          expect(await gates.rowsOf(`${id}-a`, `${id}-b`)).toEqual([
            { id: `${id}-a`, ...ended },
            { id: `${id}-b`, ...ended },
          ]);
        }
      }
    } finally {
      gates.stop();
    }
  });
});
