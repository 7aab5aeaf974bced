import type { ReadState } from '@dbem/transport';
import type { DifferenceKind } from './reconcile-run';

/**
 * How the replica's state of an entity compares to the source's. **The replica is read before the source**, so the
 * source's state is never the older one.
 *
 * - `equal`.
 * - `behind`: the replica's version is older, or it has none. The missing change may be in transit. Sending the entity
 *   is always harmless: the version gate accepts it only if it is newer.
 * - `changed`: the same version with another state. A version belongs to one state, so no change in transit explains
 *   it.
 * - `ahead`: the replica's version is newer. A transaction is about to commit it (confirm-then-commit), or never will.
 * - `extra`: the source does not have the replica's entity. The delete may be in transit, or the insert not yet
 *   committed.
 */
export type Classification = 'equal' | 'behind' | 'changed' | 'ahead' | 'extra';

export function compareStates(replica: ReadState, source: ReadState): Classification {
  const isInReplica = replica.isPresent || (replica.version !== null && !replica.isDeleted);
  if (!source.isPresent) return isInReplica ? 'extra' : 'equal';
  // Without a version, or with a tombstone: not stamped yet. Sending it stamps it.
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

/** Indexes of the compared values that differ; none if one endpoint has no row. */
export function differingValues(replica: ReadState, source: ReadState): number[] {
  if (!replica.isPresent || !source.isPresent) return [];
  return source.values.flatMap((value, index) => (value === replica.values[index] ? [] : [index]));
}
