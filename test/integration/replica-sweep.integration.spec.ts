import { VersionSweep } from '@dbem/replica';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import { ApplierHarness, PUBLISHER, projectEvent } from '../support/replica/applier-harness';

describe('the sweep of versions', () => {
  let harness: ApplierHarness;

  beforeEach(async () => {
    harness = await ApplierHarness.start();
    await harness.startApplier();
  });

  afterEach(async () => {
    await harness.stop();
  });

  const sweep = (handledPublishers = [PUBLISHER], batchSize = 2) =>
    new VersionSweep(harness.database.pool, { handledPublishers, batchSize }).sweep();

  const age = (interval: string) =>
    harness.database.pool.query('UPDATE db_event.replica_version SET applied_at = now() - $1::interval', [interval]);

  async function versions(): Promise<string[]> {
    const { rows } = await harness.database.pool.query('SELECT entity_id FROM db_event.replica_version ORDER BY 1');
    return rows.map(({ entity_id }) => entity_id);
  }

  /** Five entities, of which the odd ones are deleted. */
  async function fill(): Promise<void> {
    for (let index = 1; index <= 5; index += 1) {
      await harness.send(projectEvent(`p${index}`, BigInt(index), 'n', index % 2 === 1 ? 'DELETE' : 'UPDATE'));
    }
    await harness.settled(5);
  }

  it('removes old tombstones in batches, and leaves young ones and what lives', async () => {
    await fill();
    expect(await sweep()).toBe(0);
    await age('29 days');
    expect(await sweep()).toBe(0);
    await age('31 days');
    expect(await sweep()).toBe(3);
    expect(await versions()).toEqual(['p2', 'p4']);
    const { rows } = await harness.database.pool.query('SELECT publisher, version FROM db_event.replica_horizon');
    expect(rows).toEqual([{ publisher: PUBLISHER, version: '5' }]);
  });

  it('removes what is old of a publisher that is handled no longer', async () => {
    await fill();
    await age('31 days');
    expect(await sweep(['another'], 100)).toBe(5);
    expect(await versions()).toEqual([]);
  });

  it('parks an event of a swept entity, instead of bringing it back, and says what to do', async () => {
    await fill();
    await age('31 days');
    await sweep();
    await harness.send(projectEvent('p3', 2n, 'from the grave'));
    const [parked] = await harness.parked();
    expect(parked?.headers['x-dbem-reason-code']).toBe('EVENT_TOO_OLD');
    expect(parked?.headers['x-dbem-reason']).toContain('Reconcile');
    expect(harness.counts.retriedCount).toBe(0);
    expect((await harness.rows()).map(({ id }) => id)).toEqual(['p2', 'p4']);
  });

  it('lets newer events pass, those of entities that live, and rows that a backfill sends', async () => {
    await fill();
    await age('31 days');
    await sweep();
    await harness.send(projectEvent('p3', 6n, 'again'));
    await harness.send(projectEvent('p9', 1n, 'backfilled', 'READ'));
    await harness.send(projectEvent('p2', 1n, 'older'));
    await harness.settled(8);
    expect(harness.counts.parkedCount).toBe(0);
    expect((await harness.rows()).map(({ id, name }) => `${id} ${name}`)).toEqual([
      'p2 n',
      'p3 again',
      'p4 n',
      'p9 backfilled',
    ]);
  });

  it('is done by one instance at a time', async () => {
    await fill();
    await age('31 days');
    const swept = await Promise.all([sweep(), sweep(), sweep()]);
    expect(swept.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3);
    await waitFor(async () => (await sweep()) === 0 && (await versions()).length === 2);
  });
});
