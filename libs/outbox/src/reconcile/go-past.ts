import { firstVersionOfEpoch, type Queryable, rowsOf, type Version } from '@dbem/db-event';
import { raiseEpoch } from '../postgres/versions';

const EPOCH_MS = 60_000;

/** More than are drawn while one statement runs: a sequence is set outside of all transactions, and must not be set back. */
const MARGIN = 1_000_000n;

/**
 * Makes sure that the next version drawn is greater than these, which a replica holds. Those that this database never handed
 * out are of a time that a backup has undone: then the epoch is raised. An epoch that was raised within the same minute already is
 * the same one: then the sequence goes past what is held of it. A version of a later epoch than the present can't have been handed out by
 * anybody; it is a replica's mere claim, which moves nothing.
 *
 * @param nowMs ms since 1970. Default: now.
 */
export async function goPast(
  transaction: Queryable,
  versions: readonly (string | null)[],
  nowMs = Date.now(),
): Promise<void> {
  const answer = await transaction.query('SELECT last_value FROM db_event.version');
  const lastGenerated = BigInt(rowsOf<{ last_value: string }>(answer)[0]?.last_value ?? 0);
  const nextEpoch = firstVersionOfEpoch(nowMs + EPOCH_MS);
  let greatest: Version = 0n;
  for (const version of versions) {
    const held = BigInt(version ?? 0);
    if (held < nextEpoch && held > greatest) greatest = held;
  }
  if (greatest > lastGenerated) await raiseEpoch(transaction, nowMs, greatest + MARGIN);
}
