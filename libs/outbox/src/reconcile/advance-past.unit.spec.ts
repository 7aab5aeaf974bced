import { firstVersionOfEpoch } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { ScriptedQueries } from '../spec-support/scripted-queries';
import { advancePast } from './advance-past';

const NOW_MS = Date.UTC(2026, 10, 30, 12, 0, 30);
const EPOCH = firstVersionOfEpoch(NOW_MS);
const NEXT_EPOCH = firstVersionOfEpoch(NOW_MS + 60_000);

/** Given the replica's versions: the lower bounds for the new value of the sequence; undefined if it is not set. */
async function boundsFor(lastGenerated: bigint, versions: readonly (bigint | null)[]): Promise<bigint[] | undefined> {
  const transaction = new ScriptedQueries([{ last_value: String(lastGenerated) }], [{ version: '500' }]);
  await advancePast(
    transaction,
    versions.map((version) => (version === null ? null : String(version))),
    NOW_MS,
  );
  return transaction.queries[1]?.params?.map((param) => BigInt(String(param)));
}

describe('advancePast', () => {
  it.each([[[]], [[null]], [[99n, 100n]]])(
    'Versions that this database has generated leave the sequence unchanged: %s',
    async (versions) => {
      expect(await boundsFor(100n, versions)).toBeUndefined();
    },
  );

  it('A version that this database never generated raises the epoch to the current one', async () => {
    expect(await boundsFor(100n, [null, 5n, 101n, 6n])).toEqual([EPOCH, 1_000_101n]);
  });

  it('A version of the current epoch that this database never generated advances the sequence past it', async () => {
    expect(await boundsFor(EPOCH + 7n, [EPOCH + 5_000_000n])).toEqual([EPOCH, EPOCH + 6_000_000n]);
  });

  it('A version of a future epoch does not advance the sequence', async () => {
    expect(await boundsFor(100n, [NEXT_EPOCH, 2n ** 63n - 1n])).toBeUndefined();
    expect(await boundsFor(100n, [NEXT_EPOCH, 101n])).toEqual([EPOCH, 1_000_101n]);
  });

  it('A database that has generated no version yet is behind any version', async () => {
    const transaction = new ScriptedQueries();
    await advancePast(transaction, ['1']);
    expect(transaction.queries).toHaveLength(2);
  });
});
