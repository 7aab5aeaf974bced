import type { OutboxRow, OutboxStore } from '@dbem/outbox';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support/waiting/wait-for';

export interface OutboxHarness {
  readonly store: OutboxStore;
  /** Appends rows with these versions in one transaction and commits it. */
  append(...versions: bigint[]): Promise<void>;
  tearDown(): Promise<void>;
}

/** The contract of every outbox store. */
export function describeOutboxStore(name: string, setUp: () => Promise<OutboxHarness>): void {
  describe(`${name} as an OutboxStore`, () => {
    let harness: OutboxHarness;
    let store: OutboxStore;

    beforeAll(async () => {
      harness = await setUp();
      store = harness.store;
      await store.start();
    });

    afterAll(async () => {
      await store.stop();
      await harness.tearDown();
    });

    beforeEach(async () => {
      while ((await claimAll()).length > 0);
    });

    const versionsOf = (rows: readonly OutboxRow[]) => rows.map(({ version }) => version);
    const all = (rows: readonly OutboxRow[]) => new Set(versionsOf(rows));

    async function claimAll(limit = 100): Promise<bigint[]> {
      const claimed: bigint[] = [];
      await store.claim(limit, async (rows) => {
        claimed.push(...versionsOf(rows));
        return all(rows);
      });
      return claimed;
    }

    it(`${name} claims the lowest versions first, and at most as many rows as the limit`, async () => {
      await harness.append(3n, 1n, 2n);
      expect(await claimAll(2)).toEqual([1n, 2n]);
      expect(await claimAll(2)).toEqual([3n]);
      expect(await claimAll(2)).toEqual([]);
    });

    it(`${name} reports the number of claimed and confirmed rows`, async () => {
      await harness.append(1n, 2n, 3n);
      expect(await store.claim(10, async () => new Set([2n]))).toEqual({ claimed: 3, confirmed: 1 });
      expect(await store.claim(10, async (rows) => all(rows))).toEqual({ claimed: 2, confirmed: 2 });
      expect(await store.claim(10, async (rows) => all(rows))).toEqual({ claimed: 0, confirmed: 0 });
    });

    it(`${name} keeps a row that was not confirmed unchanged`, async () => {
      await harness.append(1n, 2n);
      let before: readonly OutboxRow[] = [];
      await store.claim(10, async (rows) => {
        before = rows;
        return new Set([1n]);
      });
      let after: readonly OutboxRow[] = [];
      await store.claim(10, async (rows) => {
        after = rows;
        return all(rows);
      });
      expect(versionsOf(before)).toEqual([1n, 2n]);
      expect(after).toEqual(before.filter(({ version }) => version === 2n));
    });

    it(`${name} releases all rows when the claim fails`, async () => {
      await harness.append(1n, 2n);
      const failing = store.claim(10, async () => {
        throw new Error('crash');
      });
      await expect(failing).rejects.toThrow('crash');
      expect(await claimAll()).toEqual([1n, 2n]);
    });

    it(`${name} never claims a row twice concurrently`, async () => {
      await harness.append(...Array.from({ length: 40 }, (_, index) => BigInt(index + 1)));
      const claimed: bigint[] = [];
      const claimOnce = () =>
        store.claim(7, async (rows) => {
          claimed.push(...versionsOf(rows));
          await new Promise((resolve) => setImmediate(resolve));
          return all(rows);
        });
      await Promise.all(Array.from({ length: 6 }, claimOnce));
      while ((await claimOnce()).claimed > 0);
      expect(claimed).toHaveLength(40);
      expect(new Set(claimed).size).toBe(40);
    });

    it(`${name} claims a low version that is committed after higher ones were published`, async () => {
      await harness.append(10n);
      expect(await claimAll()).toEqual([10n]);
      await harness.append(4n);
      expect(await claimAll()).toEqual([4n]);
    });

    it(`${name} calls its listeners when awaitAppends begins, for earlier appends, and then at each append`, async () => {
      let calls = 0;
      store.onAppended(() => {
        calls += 1;
      });
      await harness.append(1n);
      const callsBefore = calls;
      store.awaitAppends(true);
      await waitFor(() => calls > callsBefore);
      let version = 1n;
      await waitFor(async () => {
        const callsUntilNow = calls;
        version += 1n;
        await harness.append(version);
        return calls > callsUntilNow;
      });
      store.awaitAppends(false);
    });
  });
}
