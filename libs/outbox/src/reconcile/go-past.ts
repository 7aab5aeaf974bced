import { type Queryable, rowsOf } from '@dbem/db-event';
import { raiseEpoch } from '../postgres/versions';

/**
 * Makes sure that the next version drawn is greater than these, which a replica holds. Those that this database never handed
 * out are of a time that a backup has undone: then the epoch is raised.
 */
export async function goPast(transaction: Queryable, versions: readonly (string | null)[]): Promise<void> {
  const answer = await transaction.query('SELECT last_value FROM db_event.version');
  const lastDrawn = BigInt(rowsOf<{ last_value: string }>(answer)[0]?.last_value ?? 0);
  if (versions.some((version) => version !== null && BigInt(version) > lastDrawn)) await raiseEpoch(transaction);
}
