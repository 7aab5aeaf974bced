import type { OutboxRow, OutboxStore } from '@dbem/outbox';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support/waiting/wait-for';

export interface OutboxHarness {
  readonly store: OutboxStore;
  /** Appends rows with these versions in one transaction and commits it. */
  append(...versions: bigint[]): Promise<void>;
  /** The same, with entities of this size. */
  appendSized(bytes: number, ...versions: bigint[]): Promise<void>;
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

    const limits = (rows: number, bytes = 1_000_000) => ({ rows, bytes });

    async function claimAll(rowLimit = 100, byteLimit?: number): Promise<bigint[]> {
      const claimed: bigint[] = [];
      await store.claim(limits(rowLimit, byteLimit), async (rows) => {
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

    it(`${name} claims at most as many bytes as the limit, without skipping a row that does not fit`, async () => {
      await harness.appendSized(400, 1n, 2n, 3n);
      await harness.appendSized(900, 4n);
      await harness.appendSized(10, 5n);
      expect(await claimAll(100, 1_000)).toEqual([1n, 2n]);
      expect(await claimAll(100, 1_000)).toEqual([3n]);
      expect(await claimAll(100, 910)).toEqual([4n, 5n]);
    });

    it(`${name} claims a row that is larger than the limit alone, wherever it stands`, async () => {
      await harness.appendSized(0, 1n);
      await harness.appendSized(1_500_000, 2n, 3n);
      await harness.appendSized(10, 4n, 5n);
      expect(await claimAll(100, 1_000)).toEqual([1n]);
      expect(await claimAll(100, 1_000)).toEqual([2n]);
      expect(await claimAll(100, 1_000)).toEqual([3n]);
      expect(await claimAll(1, 1_000)).toEqual([4n]);
      expect(await claimAll(100, 1_000)).toEqual([5n]);
    });

    it(`${name} reports whether a limit ended the claim`, async () => {
      await harness.appendSized(400, 1n, 2n, 3n, 4n);
      const isFull = async (rows: number, bytes: number) =>
        (await store.claim(limits(rows, bytes), async () => new Set())).isFull;
      expect(await isFull(100, 1_599)).toBe(true);
      expect(await isFull(100, 1_600)).toBe(false);
      expect(await isFull(4, 1_600)).toBe(true);
      expect(await isFull(5, 1_600)).toBe(false);
    });

    it(`${name} keeps rows within the limit of bytes when they were not confirmed`, async () => {
      await harness.appendSized(400, 1n, 2n, 3n);
      await store.claim(limits(100, 800), async () => new Set([1n]));
      expect(await claimAll(100, 800)).toEqual([2n, 3n]);
    });

    it(`${name} reports the number of claimed and confirmed rows`, async () => {
      await harness.append(1n, 2n, 3n);
      const claim = (confirm: (rows: readonly OutboxRow[]) => Set<bigint>) =>
        store.claim(limits(10), async (rows) => confirm(rows));
      expect(await claim(() => new Set([2n]))).toEqual({ claimed: 3, confirmed: 1, isFull: false });
      expect(await claim(all)).toEqual({ claimed: 2, confirmed: 2, isFull: false });
      expect(await claim(all)).toEqual({ claimed: 0, confirmed: 0, isFull: false });
    });

    it(`${name} keeps a row that was not confirmed unchanged`, async () => {
      await harness.append(1n, 2n);
      let before: readonly OutboxRow[] = [];
      await store.claim(limits(10), async (rows) => {
        before = rows;
        return new Set([1n]);
      });
      let after: readonly OutboxRow[] = [];
      await store.claim(limits(10), async (rows) => {
        after = rows;
        return all(rows);
      });
      expect(versionsOf(before)).toEqual([1n, 2n]);
      expect(after).toEqual(before.filter(({ version }) => version === 2n));
    });

    it(`${name} releases all rows when the claim fails`, async () => {
      await harness.append(1n, 2n);
      const failing = store.claim(limits(10), async () => {
        throw new Error('crash');
      });
      await expect(failing).rejects.toThrow('crash');
      expect(await claimAll()).toEqual([1n, 2n]);
    });

    it(`${name} never claims a row twice concurrently`, async () => {
      await harness.append(...Array.from({ length: 40 }, (_, index) => BigInt(index + 1)));
      const claimed: bigint[] = [];
      const claimOnce = () =>
        store.claim(limits(7), async (rows) => {
          claimed.push(...versionsOf(rows));
          await new Promise((resolve) => setImmediate(resolve));
          return all(rows);
        });
      await Promise.all(Array.from({ length: 6 }, claimOnce));
      while ((await claimOnce()).claimed > 0);
      expect(claimed).toHaveLength(40);
      expect(new Set(claimed).size).toBe(40);
    });

    it(`${name} never claims a large row twice concurrently`, async () => {
      const versions = Array.from({ length: 40 }, (_, index) => BigInt(index + 1));
      await harness.appendSized(400, ...versions);
      const claims: number[] = [];
      const claimed: bigint[] = [];
      const claimOnce = () =>
        store.claim(limits(10, 1_000), async (rows) => {
          claims.push(rows.length);
          claimed.push(...versionsOf(rows));
          await new Promise((resolve) => setImmediate(resolve));
          return all(rows);
        });
      await Promise.all(Array.from({ length: 6 }, claimOnce));
      while ((await claimOnce()).claimed > 0);
      expect(claimed.sort((left, right) => (left < right ? -1 : 1))).toEqual(versions);
      expect(Math.max(...claims)).toBe(2);
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
