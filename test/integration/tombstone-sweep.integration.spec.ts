import type { Queryable } from '@dbem/db-event';
import { groupCodec, projectCodec } from '@dbem/entity-codec';
import { type Change, created, deleted, OutboxChangePublisher, TombstoneSweep } from '@dbem/outbox';
import { inTransaction } from '@dbem/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SWEEP_LOCK } from '../../libs/outbox/src/testing';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { hasLockWait } from '../support/servers/lock-waits';
import { waitFor } from '../support/waiting/wait-for';

const DAY_MS = 24 * 60 * 60 * 1_000;

describe('the sweep of a source’s tombstones', () => {
  const publisher = new OutboxChangePublisher('registry');
  let database: FreshDatabase;

  beforeAll(async () => {
    database = await freshDatabase('outbox');
  });

  beforeEach(async () => {
    await database.pool.query('TRUNCATE db_event.entity_version, db_event.outbox');
  });

  afterAll(async () => {
    await database.drop();
  });

  const project = (id: string) => ({ projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' });
  const publish = <Entity>(change: Change<Entity>, transaction: Queryable = database.pool) =>
    publisher.publish(transaction, change);
  const age = (days: number) =>
    database.pool.query(`UPDATE db_event.entity_version SET changed_at = now() - $1 * interval '1 day'`, [days]);
  const remainingIds = async () =>
    (
      await database.pool.query('SELECT entity_id FROM db_event.entity_version ORDER BY entity_type, entity_id')
    ).rows.map(({ entity_id }) => entity_id);

  it('A sweep removes old tombstones of all entity types in batches, and keeps newer tombstones and existing entities', async () => {
    for (let index = 0; index < 25; index += 1) {
      await publish(
        index % 2 === 0 ? deleted(projectCodec, project(`p${index}`)) : created(projectCodec, project(`p${index}`)),
      );
    }
    await publish(deleted(groupCodec, { id: 'g', name: 'n' }));
    await age(31);
    await publish(deleted(projectCodec, project('young')));
    const sweep = new TombstoneSweep(database.pool, { batchSize: 4 });
    expect(await sweep.sweep()).toBe(14);
    const alive = Array.from({ length: 12 }, (_, index) => `p${2 * index + 1}`);
    expect(await remainingIds()).toEqual([...alive.sort(), 'young']);
    expect(await sweep.sweep()).toBe(0);
  });

  it('A tombstone of the last 24 hours is never removed, whatever the minimum age', async () => {
    await publish(deleted(projectCodec, project('p')));
    expect(await new TombstoneSweep(database.pool, { minAgeMs: 0 }).sweep()).toBe(0);
    await age(2);
    expect(await new TombstoneSweep(database.pool, { minAgeMs: 3 * DAY_MS }).sweep()).toBe(0);
    expect(await new TombstoneSweep(database.pool, { minAgeMs: 0 }).sweep()).toBe(1);
  });

  it('A sweep skips entities that an open transaction publishes, and does not wait for it', async () => {
    await publish(deleted(projectCodec, project('again')));
    await publish(deleted(projectCodec, project('gone')));
    await age(31);
    const { version } = await inTransaction(database.pool, async (client) => {
      const published = await publish(created(projectCodec, project('again')), client);
      expect(await new TombstoneSweep(database.pool).sweep()).toBe(1);
      return published;
    });
    const { rows } = await database.pool.query('SELECT entity_id, version, deleted FROM db_event.entity_version');
    expect(rows).toEqual([{ entity_id: 'again', version: String(version), deleted: false }]);
  });

  it('An entity that is created again after its tombstone was swept gets a higher version than it ever had', async () => {
    const { version: last } = await publish(deleted(projectCodec, project('p')));
    await age(31);
    // A publish during the sweep waits for it, and stores the version again.
    let publishing: ReturnType<typeof publish> | undefined;
    await inTransaction(database.pool, async (client) => {
      await client.query("DELETE FROM db_event.entity_version WHERE entity_id = 'p'");
      publishing = publish(created(projectCodec, project('p')));
      await waitFor(() => hasLockWait(database.pool));
    });
    const again = await publishing;
    expect(await remainingIds()).toEqual(['p']);
    expect(again?.version).toBeGreaterThan(last);
  });

  it('A sweep removes nothing while another instance sweeps', async () => {
    await publish(deleted(projectCodec, project('p')));
    await age(31);
    await inTransaction(database.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [SWEEP_LOCK]);
      expect(await new TombstoneSweep(database.pool).sweep()).toBe(0);
    });
    expect(await new TombstoneSweep(database.pool).sweep()).toBe(1);
  });

  it('A sweep runs at its interval until it is stopped', async () => {
    await publish(deleted(projectCodec, project('p')));
    await age(31);
    const sweep = new TombstoneSweep(database.pool, { intervalMs: 20 });
    await sweep.start();
    await waitFor(async () => (await remainingIds()).length === 0);
    await sweep.stop();
  });
});
