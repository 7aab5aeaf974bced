import type { Queryable } from '@dbem/db-event';
import { projectCodec } from '@dbem/entity-codec';
import { created, deleted, OutboxChangePublisher, outboxMigrations, updated } from '@dbem/outbox';
import { inTransaction, migrate } from '@dbem/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase, waitFor } from '../support';

const MAKES = { created, updated, deleted };

describe('the source version of an entity', () => {
  const publisher = new OutboxChangePublisher('registry');
  let database: FreshDatabase;

  beforeEach(async () => {
    database = await freshDatabase();
    await migrate(database.pool, outboxMigrations);
  });

  afterEach(async () => {
    await database.drop();
  });

  const publish = (transaction: Queryable, id: string, act: keyof typeof MAKES = 'created') =>
    publisher.publish(
      transaction,
      MAKES[act](projectCodec, { projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' }),
    );
  const noted = async () => {
    const { rows } = await database.pool.query(
      'SELECT entity_id, version, deleted FROM db_event.entity_version ORDER BY entity_id',
    );
    return rows.map(({ entity_id, version, deleted }) => ({ entity_id, version: BigInt(version), deleted }));
  };

  it('is noted with the change, and a delete leaves a tombstone', async () => {
    const { version: first } = await publish(database.pool, 'p');
    expect(await noted()).toEqual([{ entity_id: 'p', version: first, deleted: false }]);
    const { version: second } = await publish(database.pool, 'p', 'updated');
    expect(await noted()).toEqual([{ entity_id: 'p', version: second, deleted: false }]);
    const { version: third } = await publish(database.pool, 'p', 'deleted');
    expect(await noted()).toEqual([{ entity_id: 'p', version: third, deleted: true }]);
    expect([second > first, third > second]).toEqual([true, true]);
    const { rows } = await database.pool.query('SELECT version, changed_at FROM db_event.outbox ORDER BY version');
    expect(rows.map(({ version }) => BigInt(version))).toEqual([first, second, third]);
    const last = await database.pool.query('SELECT changed_at FROM db_event.entity_version');
    expect(last.rows[0].changed_at).toEqual(rows[2].changed_at);
  });

  it('is not noted by a transaction that rolls back', async () => {
    const failure = inTransaction(database.pool, async (client) => {
      await publish(client, 'p');
      throw new Error('no');
    });
    await expect(failure).rejects.toThrow('no');
    expect(await noted()).toEqual([]);
  });

  it.each(['commits', 'rolls back'])(
    'of two transactions on one id: the second waits until the first %s',
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
        const { rows } = await database.pool.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
        return rows.length > 0;
      });
      // One that asks now draws its number while the second waits, and the second must still end up above it.
      const { version: other } = await publish(database.pool, 'q');
      expect(late).toBeUndefined();
      await first.query(end === 'commits' ? 'COMMIT' : 'ROLLBACK');
      await waiting;
      await second.query('COMMIT');
      first.release();
      second.release();
      expect(late).toBeGreaterThan(early);
      if (end === 'commits') expect(late).toBeGreaterThan(other);
      expect((await noted()).find(({ entity_id }) => entity_id === 'p')?.version).toBe(late);
    },
  );

  it('is updated in place, without a new entry in its index', async () => {
    for (let index = 0; index < 200; index += 1) await publish(database.pool, `p${index}`);
    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < 200; index += 1) await publish(database.pool, `p${index}`, 'updated');
    }
    const statistics = await waitFor(async () => {
      const { rows } = await database.pool.query(
        "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'entity_version'",
      );
      return Number(rows[0]?.n_tup_upd) >= 600 && rows[0];
    });
    expect(Number(statistics.n_tup_hot_upd) / Number(statistics.n_tup_upd)).toBeGreaterThan(0.8);
  });
});
