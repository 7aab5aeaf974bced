import { projectCodec } from '@dbem/entity-codec';
import { OutboxChangePublisher, PostgresOutboxStore, updated } from '@dbem/outbox';
import { inTransaction } from '@dbem/postgres';
import type { PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { project, SERVICE } from '../support/outbox/outbox-harness';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { waitFor } from '../support/waiting/wait-for';

const publisher = new OutboxChangePublisher(SERVICE);

function append(client: PoolClient, id: string): Promise<unknown> {
  return publisher.publish(client, updated(projectCodec, project(id)));
}

describe('waking the relay', () => {
  let database: FreshDatabase;
  let stores: PostgresOutboxStore[];
  let wakeUps: number;

  beforeAll(async () => {
    database = await freshDatabase('outbox');
  });

  beforeEach(async () => {
    await database.pool.query('TRUNCATE db_event.outbox, db_event.entity_version');
    stores = [];
    wakeUps = 0;
  });

  afterEach(async () => {
    await Promise.all(stores.map((store) => store.stop()));
    // A store's connections end shortly after it stops.
    await waitFor(async () => (await listeners()) + (await locks(true)) + (await locks(false)) === 0);
  });

  afterAll(() => database?.drop());

  async function startStore(): Promise<PostgresOutboxStore> {
    const store = new PostgresOutboxStore(database.pool);
    stores.push(store);
    store.onAppended(() => {
      wakeUps += 1;
    });
    await store.start();
    await waitFor(async () => (await listeners()) === stores.length, { what: 'LISTEN' });
    return store;
  }

  async function listeners(): Promise<number> {
    const { rows } = await database.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %' AND state = 'idle'`,
    );
    return rows.length;
  }

  /** The number of relay locks that are granted, or awaited. */
  async function locks(isGranted: boolean): Promise<number> {
    const { rows } = await database.pool.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted = $1
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [isGranted],
    );
    return rows.length;
  }

  async function claimAll(store: PostgresOutboxStore): Promise<number> {
    const { claimed } = await store.claim(
      { rows: 100, bytes: 1_000_000 },
      async (rows) => new Set(rows.map(({ version }) => version)),
    );
    return claimed;
  }

  it('A transaction that appends to the outbox sends no notification while no relay waits', async () => {
    const store = await startStore();
    await inTransaction(database.pool, (client) => append(client, 'p1'));
    expect(await claimAll(store)).toBe(1);
    store.awaitAppends(true);
    await waitFor(() => wakeUps === 1, { what: 'the wake-up for earlier changes' });
    store.awaitAppends(false);
    await waitFor(async () => (await locks(true)) === 0, { what: 'the lock to be released' });
    await inTransaction(database.pool, (client) => append(client, 'p2'));
    // Notifications arrive in the order in which they were sent: one for p2 would have arrived before this one.
    await database.pool.query(`SELECT pg_notify('db_event_outbox', '')`);
    await waitFor(() => wakeUps >= 2);
    expect(wakeUps).toBe(2);
  });

  it('A waiting relay is woken by each change', async () => {
    const store = await startStore();
    store.awaitAppends(true);
    await waitFor(async () => (await locks(true)) === 1 && wakeUps === 1);
    for (let change = 1; change <= 3; change += 1) {
      await inTransaction(database.pool, (client) => append(client, 'p1'));
      await waitFor(() => wakeUps === 1 + change);
    }
  });

  it('A relay that starts waiting during a transaction is woken when that transaction commits', async () => {
    const store = await startStore();
    let finish: () => void = () => {};
    const mayFinish = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let hasAppended = false;
    const transaction = inTransaction(database.pool, async (client) => {
      await append(client, 'slow');
      hasAppended = true;
      await mayFinish;
    });
    await waitFor(() => hasAppended);
    expect(await claimAll(store)).toBe(0);
    store.awaitAppends(true);
    await waitFor(async () => (await locks(false)) === 1, { what: 'the relay to wait behind the transaction' });

    // Meanwhile other transactions are not blocked, and wake it.
    await inTransaction(database.pool, (client) => append(client, 'quick'));
    await waitFor(() => wakeUps === 1);
    expect(await claimAll(store)).toBe(1);

    finish();
    await transaction;
    await waitFor(() => wakeUps === 2);
    expect(await claimAll(store)).toBe(1);
  });

  it('A relay that waits behind another relay is woken by a change', async () => {
    const [first, second] = [await startStore(), await startStore()];
    first.awaitAppends(true);
    await waitFor(async () => (await locks(true)) === 1);
    second.awaitAppends(true);
    await waitFor(async () => (await locks(false)) === 1);
    await waitFor(() => wakeUps === 1);
    await inTransaction(database.pool, (client) => append(client, 'p1'));
    await waitFor(() => wakeUps === 3, { what: 'both to be woken' });
  });
});
