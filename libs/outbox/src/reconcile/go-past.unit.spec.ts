import { firstVersionOfEpoch } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { ScriptedQueries } from '../spec-support/scripted-queries';
import { goPast } from './go-past';

const NOW_MS = Date.UTC(2026, 10, 30, 12, 0, 30);
const EPOCH = firstVersionOfEpoch(NOW_MS);
const NEXT_EPOCH = firstVersionOfEpoch(NOW_MS + 60_000);

/** Given what the replica holds: the lower bounds that the sequence is set by; undefined if it is left as it is. */
async function boundsFor(lastGenerated: bigint, held: readonly (bigint | null)[]): Promise<bigint[] | undefined> {
  const transaction = new ScriptedQueries([{ last_value: String(lastGenerated) }], [{ version: '500' }]);
  await goPast(
    transaction,
    held.map((version) => (version === null ? null : String(version))),
    NOW_MS,
  );
  return transaction.asked[1]?.params?.map((param) => BigInt(String(param)));
}

describe('goPast', () => {
  it.each([[[]], [[null]], [[99n, 100n]]])(
    'Versions that this database has drawn leave the sequence as it is: %s',
    async (held) => {
      expect(await boundsFor(100n, held)).toBeUndefined();
    },
  );

  it('A version that this database never drew raises the epoch, to the present one', async () => {
    expect(await boundsFor(100n, [null, 5n, 101n, 6n])).toEqual([EPOCH, 1_000_101n]);
  });

  it('A version of the present epoch, of which versions were drawn already, is passed as well', async () => {
    expect(await boundsFor(EPOCH + 7n, [EPOCH + 5_000_000n])).toEqual([EPOCH, EPOCH + 6_000_000n]);
  });

  it('A version of an epoch that has not begun is no reason to move the sequence', async () => {
    expect(await boundsFor(100n, [NEXT_EPOCH, 2n ** 63n - 1n])).toBeUndefined();
    expect(await boundsFor(100n, [NEXT_EPOCH, 101n])).toEqual([EPOCH, 1_000_101n]);
  });

  it('A database that has drawn no version yet is behind every one', async () => {
    const transaction = new ScriptedQueries();
    await goPast(transaction, ['1']);
    expect(transaction.asked).toHaveLength(2);
  });
});
