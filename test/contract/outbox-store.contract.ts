import type { OutboxRow, OutboxStore } from '@dbem/outbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support';

export interface OutboxHarness {
  readonly store: OutboxStore;
  /** Appends rows with these versions in one transaction and commits it. */
  append(...versions: bigint[]): Promise<void>;
  tearDown(): Promise<void>;
}

/** What every outbox store must do. */
export function describeOutboxStore(name: string, setUp: () => Promise<OutboxHarness>): void {
  describe(`${name} as an OutboxStore`, () => {
    let harness: OutboxHarness;
    let store: OutboxStore;

    beforeEach(async () => {
      harness = await setUp();
      store = harness.store;
      await store.start();
    });

    afterEach(async () => {
      await store.stop();
      await harness.tearDown();
    });

    const versionsOf = (rows: readonly OutboxRow[]) => rows.map(({ version }) => version);
    const all = (rows: readonly OutboxRow[]) => new Set(versionsOf(rows));

    async function drain(limit = 100): Promise<bigint[]> {
      const seen: bigint[] = [];
      await store.claim(limit, async (rows) => {
        seen.push(...versionsOf(rows));
        return all(rows);
      });
      return seen;
    }

    it('hands out the lowest versions first, and no more than asked for', async () => {
      await harness.append(3n, 1n, 2n);
      expect(await drain(2)).toEqual([1n, 2n]);
      expect(await drain(2)).toEqual([3n]);
      expect(await drain(2)).toEqual([]);
    });

    it('says how many were claimed and confirmed', async () => {
      await harness.append(1n, 2n, 3n);
      expect(await store.claim(10, async () => new Set([2n]))).toEqual({ claimed: 3, confirmed: 1 });
      expect(await store.claim(10, async (rows) => all(rows))).toEqual({ claimed: 2, confirmed: 2 });
      expect(await store.claim(10, async (rows) => all(rows))).toEqual({ claimed: 0, confirmed: 0 });
    });

    it('keeps what was not confirmed just as it was', async () => {
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
      expect(after).toEqual(before.filter(({ version }) => version === 2n));
    });

    it('gives everything back when its claimer fails', async () => {
      await harness.append(1n, 2n);
      await store
        .claim(10, async () => {
          throw new Error('crash');
        })
        .catch(() => {});
      expect(await drain()).toEqual([1n, 2n]);
    });

    it('never hands one row to two claimers', async () => {
      await harness.append(...Array.from({ length: 40 }, (_, index) => BigInt(index + 1)));
      const seen: bigint[] = [];
      const claimOnce = () =>
        store.claim(7, async (rows) => {
          seen.push(...versionsOf(rows));
          await new Promise((resolve) => setImmediate(resolve));
          return all(rows);
        });
      await Promise.all(Array.from({ length: 6 }, claimOnce));
      while ((await claimOnce()).claimed > 0);
      expect(seen).toHaveLength(40);
      expect(new Set(seen).size).toBe(40);
    });

    it('hands out a low version that is committed after higher ones have gone', async () => {
      await harness.append(10n);
      expect(await drain()).toEqual([10n]);
      await harness.append(4n);
      expect(await drain()).toEqual([4n]);
    });

    it('wakes who listens when something is appended', async () => {
      let woken = 0;
      store.onAppended(() => {
        woken += 1;
      });
      let version = 0n;
      await waitFor(async () => {
        version += 1n;
        await harness.append(version);
        return woken > 0;
      });
    });
  });
}
