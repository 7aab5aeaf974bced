import { type Project, projectCodec } from '@dbem/entity-codec';
import { OutboxChangePublisher, outboxMigrations, PostgresOutboxStore, updated } from '@dbem/outbox';
import { inTransaction, migrate } from '@dbem/platform';
import type { PoolClient } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase, waitFor } from '../support';

const publisher = new OutboxChangePublisher('registry');

function append(client: PoolClient, id: string): Promise<unknown> {
  const project: Project = { projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' };
  return publisher.publish(client, updated(projectCodec, project));
}

describe('waking the relay', () => {
  let database: FreshDatabase;
  let stores: PostgresOutboxStore[];
  let wakeUps: number;

  beforeEach(async () => {
    database = await freshDatabase();
    await migrate(database.pool, outboxMigrations);
    stores = [];
    wakeUps = 0;
  });

  afterEach(async () => {
    await Promise.all(stores.map((store) => store.stop()));
    await database.drop();
  });

  async function startStore(): Promise<PostgresOutboxStore> {
    const store = new PostgresOutboxStore(database.pool);
    stores.push(store);
    store.onAppended(() => {
      wakeUps += 1;
    });
    await store.start();
    await waitFor(() => isListening(), { what: 'LISTEN' });
    return store;
  }

  async function isListening(): Promise<boolean> {
    const { rows } = await database.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %' AND state = 'idle'`,
    );
    return rows.length >= stores.length;
  }

  /** The locks of relays, those that wait for it included. */
  async function locks(isGranted: boolean): Promise<number> {
    const { rows } = await database.pool.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted = $1
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [isGranted],
    );
    return rows.length;
  }

  async function claimAll(store: PostgresOutboxStore): Promise<number> {
    const { claimed } = await store.claim(100, async (rows) => new Set(rows.map(({ version }) => version)));
    return claimed;
  }

  it('spares who appends the wake-up while the relay looks again anyway', async () => {
    const store = await startStore();
    await inTransaction(database.pool, (client) => append(client, 'p1'));
    expect(await claimAll(store)).toBe(1);
    store.awaitAppends(true);
    await waitFor(() => wakeUps === 1, { what: 'the look for what came before' });
    store.awaitAppends(false);
    await waitFor(async () => (await locks(true)) === 0, { what: 'the lock to be dropped' });
    await inTransaction(database.pool, (client) => append(client, 'p2'));
    // A notification sent later than another arrives later: when this one is here, one of p2's would be.
    await database.pool.query(`SELECT pg_notify('db_event_outbox', '')`);
    await waitFor(() => wakeUps >= 2);
    expect(wakeUps).toBe(2);
  });

  it('is done by each change while the relay waits', async () => {
    const store = await startStore();
    store.awaitAppends(true);
    await waitFor(async () => (await locks(true)) === 1 && wakeUps === 1);
    await inTransaction(database.pool, (client) => append(client, 'p1'));
    await waitFor(() => wakeUps === 2);
  });

  it('misses no change whose transaction was under way when the relay began to wait', async () => {
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

    // Meanwhile others are not held up, and wake it.
    await inTransaction(database.pool, (client) => append(client, 'quick'));
    await waitFor(() => wakeUps === 1);
    expect(await claimAll(store)).toBe(1);

    finish();
    await transaction;
    await waitFor(() => wakeUps === 2);
    expect(await claimAll(store)).toBe(1);
  });

  it('reaches a relay that waits behind another one', async () => {
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
