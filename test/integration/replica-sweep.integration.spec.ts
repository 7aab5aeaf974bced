import { inTransaction } from '@dbem/postgres';
import { VersionSweep } from '@dbem/replica';
import { PARKING_HEADERS } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SWEEP_LOCK } from '../../libs/replica/src/testing';
import { ApplierHarness } from '../support/replica/applier-harness';
import { PUBLISHER, projectEvent } from '../support/replica/project-events';
import { waitFor } from '../support/waiting/wait-for';

describe('the sweep of a replica’s versions', () => {
  let harness: ApplierHarness;

  beforeAll(async () => {
    harness = await ApplierHarness.start();
  });

  beforeEach(async () => {
    await harness.begin();
    await harness.startApplier();
  });

  afterEach(async () => {
    await harness.end();
  });

  afterAll(async () => {
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

  /** Sends five entities; the odd ones are deleted. */
  async function fill(): Promise<void> {
    for (let index = 1; index <= 5; index += 1) {
      await harness.send(projectEvent(`p${index}`, BigInt(index), 'n', index % 2 === 1 ? 'DELETE' : 'UPDATE'));
    }
    await harness.untilProcessed(5);
  }

  it('A sweep removes old tombstones in batches, and keeps newer tombstones and existing entities', async () => {
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

  it('A sweep removes all old versions of a publisher that no longer has a handler', async () => {
    await fill();
    await age('31 days');
    expect(await sweep(['another'], 100)).toBe(5);
    expect(await versions()).toEqual([]);
  });

  it('An old event of a swept entity is parked instead of restoring it, with the remedy in its reason', async () => {
    await fill();
    await age('31 days');
    await sweep();
    await harness.send(projectEvent('p3', 2n, 'older than the tombstone'));
    const [parked] = await harness.parked();
    expect(parked?.headers[PARKING_HEADERS.reasonCode]).toBe('EVENT_BEHIND_HORIZON');
    expect(parked?.headers[PARKING_HEADERS.reason]).toContain('Reconcile');
    expect(harness.counts.retriedCount).toBe(0);
    expect((await harness.rows()).map(({ id }) => id)).toEqual(['p2', 'p4']);
  });

  it('Newer events, events of existing entities and backfilled rows are applied after a sweep', async () => {
    await fill();
    await age('31 days');
    await sweep();
    await harness.send(projectEvent('p3', 6n, 'again'));
    await harness.send(projectEvent('p9', 1n, 'backfilled', 'READ'));
    await harness.send(projectEvent('p2', 1n, 'older'));
    await harness.untilProcessed(8);
    expect(harness.counts.parkedCount).toBe(0);
    expect((await harness.rows()).map(({ id, name }) => `${id} ${name}`)).toEqual([
      'p2 n',
      'p3 again',
      'p4 n',
      'p9 backfilled',
    ]);
  });

  it('A sweep removes nothing while another instance sweeps', async () => {
    await fill();
    await age('31 days');
    await inTransaction(harness.database.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [SWEEP_LOCK]);
      expect(await sweep()).toBe(0);
    });
    const swept = await Promise.all([sweep(), sweep(), sweep()]);
    expect(swept.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3);
    await waitFor(async () => (await sweep()) === 0 && (await versions()).length === 2);
  });
});
