import type { Version } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import type { OutboxRow } from '../outbox-store.port';
import { InMemoryOutboxStore } from './in-memory-outbox-store';

function rowOf(version: Version, entity = Buffer.from([1])): OutboxRow {
  return { version, entityType: 'PROJECT', entityId: 'p', crudType: 'UPDATE', changeTimeMs: 1, entity };
}

function storeWith(...versions: Version[]): InMemoryOutboxStore {
  const store = new InMemoryOutboxStore();
  store.append(...versions.map((version) => rowOf(version)));
  return store;
}

/** Claims rows, confirms those in `confirmed` (default: all), and returns the claimed versions. */
async function claim(store: InMemoryOutboxStore, limit: number, confirmed?: readonly Version[]) {
  let claimed: Version[] = [];
  const result = await store.claim({ rows: limit, bytes: 1_000 }, async (rows) => {
    claimed = rows.map(({ version }) => version);
    return new Set(confirmed ?? claimed);
  });
  return { claimed, result };
}

describe('InMemoryOutboxStore', () => {
  it('Rows are claimed lowest version first, at most the limit, and are removed once confirmed', async () => {
    const store = storeWith(3n, 1n, 4n, 2n);
    expect(await claim(store, 3)).toEqual({
      claimed: [1n, 2n, 3n],
      result: { claimed: 3, confirmed: 3, isFull: true },
    });
    expect(await claim(store, 3)).toEqual({ claimed: [4n], result: { claimed: 1, confirmed: 1, isFull: false } });
    expect(await claim(store, 3)).toEqual({ claimed: [], result: { claimed: 0, confirmed: 0, isFull: false } });
  });

  it.each([
    [3, 1_000, 2, [1n, 2n]],
    [3, 999, 1, [1n]],
    [2, 1_000, 2, [1n, 2n]],
    [3, 499, 1, [1n]],
    [3, 1_010, 3, [1n, 2n, 3n]],
  ])(
    'Of rows with 500, 500 and 10 bytes, a claim of %s rows and %s bytes gets the first %s',
    async (rows, bytes, count, versions) => {
      const store = new InMemoryOutboxStore();
      store.append(rowOf(1n, Buffer.alloc(500)), rowOf(2n, Buffer.alloc(500)), rowOf(3n, Buffer.alloc(10)));
      let claimed: Version[] = [];
      const result = await store.claim({ rows, bytes }, async (batch) => {
        claimed = batch.map(({ version }) => version);
        return new Set(claimed);
      });
      expect(claimed).toEqual(versions);
      expect(result).toEqual({ claimed: count, confirmed: count, isFull: true });
    },
  );

  it('Unconfirmed rows can be claimed again at once', async () => {
    const store = storeWith(1n, 2n, 3n);
    expect((await claim(store, 3, [2n])).result).toEqual({ claimed: 3, confirmed: 1, isFull: true });
    expect((await claim(store, 3)).claimed).toEqual([1n, 3n]);
  });

  it('A claimed row is skipped by other claimers, and can be claimed again after a failed delivery', async () => {
    const store = storeWith(1n, 2n);
    let refuse = () => {};
    const first = store.claim(
      { rows: 1, bytes: 1_000 },
      () => new Promise((_resolve, reject) => (refuse = () => reject(new Error('away')))),
    );
    expect((await claim(store, 2, [])).claimed).toEqual([2n]);
    refuse();
    await expect(first).rejects.toThrow('away');
    expect((await claim(store, 2)).claimed).toEqual([1n, 2n]);
  });

  it('A claim on an empty outbox delivers nothing', async () => {
    const deliver = () => Promise.reject(new Error('There is nothing to deliver'));
    expect(await storeWith().claim({ rows: 5, bytes: 1_000 }, deliver)).toEqual({
      claimed: 0,
      confirmed: 0,
      isFull: false,
    });
  });

  it('An append calls the listeners until the store is stopped', async () => {
    const store = storeWith();
    let calls = 0;
    store.onAppended(() => {
      calls += 1;
    });
    store.append(rowOf(1n), rowOf(2n));
    expect(calls).toBe(1);
    await store.stop();
    store.append(rowOf(3n));
    expect(calls).toBe(1);
  });

  it('A listener is called for earlier appends when the claimer starts to wait', async () => {
    const store = storeWith(1n);
    let calls = 0;
    store.onAppended(() => {
      calls += 1;
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    store.awaitAppends(false);
    await turn();
    expect(calls).toBe(0);
    store.awaitAppends(true);
    await turn();
    expect(calls).toBe(1);
  });
});
