import type { Queryable } from '@dbem/db-event';
import { projectCodec } from '@dbem/entity-codec';
import { created, deleted, OutboxChangePublisher, updated } from '@dbem/outbox';
import { inTransaction } from '@dbem/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { waitFor } from '../support/waiting/wait-for';

const CHANGES = { created, updated, deleted };

describe('the source version of an entity', () => {
  const publisher = new OutboxChangePublisher('registry');
  let database: FreshDatabase;

  beforeAll(async () => {
    database = await freshDatabase('outbox');
  });

  beforeEach(async () => {
    await database.pool.query('TRUNCATE db_event.entity_version, db_event.outbox');
  });

  afterAll(() => database?.drop());

  const changeOf = (id: string, act: keyof typeof CHANGES) =>
    CHANGES[act](projectCodec, { projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' });
  const publish = (transaction: Queryable, id: string, act: keyof typeof CHANGES = 'created') =>
    publisher.publish(transaction, changeOf(id, act));
  const storedVersions = async () => {
    const { rows } = await database.pool.query(
      'SELECT entity_id, version, deleted FROM db_event.entity_version ORDER BY entity_id',
    );
    return rows.map(({ entity_id, version, deleted }) => ({ entity_id, version: BigInt(version), deleted }));
  };

  it('The source version of an entity is stored with its change, and a delete leaves a tombstone', async () => {
    const { version: first } = await publish(database.pool, 'p');
    expect(await storedVersions()).toEqual([{ entity_id: 'p', version: first, deleted: false }]);
    const { version: second } = await publish(database.pool, 'p', 'updated');
    expect(await storedVersions()).toEqual([{ entity_id: 'p', version: second, deleted: false }]);
    const { version: third } = await publish(database.pool, 'p', 'deleted');
    expect(await storedVersions()).toEqual([{ entity_id: 'p', version: third, deleted: true }]);
    expect([second > first, third > second]).toEqual([true, true]);
    const { rows } = await database.pool.query('SELECT version, changed_at FROM db_event.outbox ORDER BY version');
    expect(rows.map(({ version }) => BigInt(version))).toEqual([first, second, third]);
    const last = await database.pool.query('SELECT changed_at FROM db_event.entity_version');
    expect(last.rows[0].changed_at).toEqual(rows[2].changed_at);
  });

  it('The source version of an entity is not stored by a transaction that rolls back', async () => {
    const failure = inTransaction(database.pool, async (client) => {
      await publish(client, 'p');
      throw new Error('no');
    });
    await expect(failure).rejects.toThrow('no');
    expect(await storedVersions()).toEqual([]);
  });

  it.each(['commits', 'rolls back'])(
    'The second of two transactions on one entity waits until the first %s, and then gets the higher version',
    async (end) => {
      const first = await database.pool.connect();
      const second = await database.pool.connect();
      await first.query('BEGIN');
      await second.query('BEGIN');
      const { version: early } = await publish(first, 'p');
      let late: bigint | undefined;
      const waiting = publish(second, 'p', 'updated').then(({ version }) => {
        late = version;
      });
      await waitFor(async () => {
        const { rows } = await database.pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows.length > 0;
      });
      // A third transaction gets its version while the second waits; the second must still get a higher one.
      const { version: other } = await publish(database.pool, 'q');
      expect(late).toBeUndefined();
      await first.query(end === 'commits' ? 'COMMIT' : 'ROLLBACK');
      await waiting;
      await second.query('COMMIT');
      first.release();
      second.release();
      expect(late).toBeGreaterThan(early);
      if (end === 'commits') expect(late).toBeGreaterThan(other);
      expect((await storedVersions()).find(({ entity_id }) => entity_id === 'p')?.version).toBe(late);
    },
  );

  it('The source version of an entity is updated in place, without a new index entry', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `p${index}`);
    // All of these are in one page, which has enough free space for their new row versions.
    const updates = ids.slice(0, 20);
    await inTransaction(database.pool, async (client) => {
      const updatesOf = async () => {
        const { rows } = await client.query<{ all: number; inPlace: number }>(
          `SELECT n_tup_upd::int AS all, n_tup_hot_upd::int AS "inPlace" FROM pg_stat_xact_user_tables
           WHERE schemaname = 'db_event' AND relname = 'entity_version'`,
        );
        return rows[0] as { all: number; inPlace: number };
      };
      await publisher.publishAll(
        client,
        ids.map((id) => changeOf(id, 'created')),
      );
      // The connection may not have reported the updates of earlier transactions yet.
      const before = await updatesOf();
      for (const id of updates) await publish(client, id, 'updated');
      const after = await updatesOf();
      expect(after.all - before.all).toBe(updates.length);
      expect(after.inPlace - before.inPlace).toBe(updates.length);
    });
  });
});
