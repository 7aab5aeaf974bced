import type { ReadState } from '@dbem/transport';
import type { DifferenceKind } from './reconcile-run';

/**
 * What two looks at one entity tell, **the replica's taken before the source's**: so the source is never the older of the two
 * views.
 *
 * - `equal`.
 * - `behind`: the replica's version is older, or it has none. The missing change may be on its way. Sending the entity is
 *   harmless at any time: the version gate takes it only if it is newer.
 * - `changed`: the same version with another state. A version stands for one state, so no change on its way explains that.
 * - `ahead`: the replica's version is newer. Either a transaction is about to commit it (confirm-then-commit), or never will.
 * - `extra`: the source does not have what the replica has. The delete may be on its way, or the insert not yet committed.
 */
export type Classification = 'equal' | 'behind' | 'changed' | 'ahead' | 'extra';

export function compareStates(replica: ReadState, source: ReadState): Classification {
  const isHeld = replica.isPresent || (replica.version !== null && !replica.isDeleted);
  if (!source.isPresent) return isHeld ? 'extra' : 'equal';
  // Without a version, or beside a tombstone: not stamped yet. Sending it stamps it.
  const sourceVersion = source.isDeleted ? null : source.version;
  if (sourceVersion === null || replica.version === null) return 'behind';
  const difference = BigInt(replica.version) - BigInt(sourceVersion);
  if (difference < 0n) return 'behind';
  if (difference > 0n) return 'ahead';
  const isSame = replica.isPresent && !replica.isDeleted && differingValues(replica, source).length === 0;
  return isSame ? 'equal' : 'changed';
}

export function kindOf(replica: ReadState, source: ReadState): DifferenceKind {
  if (!source.isPresent) return 'extra';
  return replica.isPresent ? 'different' : 'missing';
}

/** Places of the compared values that differ; none if one side has no row. */
export function differingValues(replica: ReadState, source: ReadState): number[] {
  if (!replica.isPresent || !source.isPresent) return [];
  return source.values.flatMap((value, index) => (value === replica.values[index] ? [] : [index]));
}
