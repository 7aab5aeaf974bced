/**
 * The version of a change: a positive 63-bit number that grows per entity. It is drawn from a sequence of the
 * publisher's database while the entity's row lock is held, so of two changes of one entity the later one is greater.
 *
 * The upper bits hold an epoch, so that a database restored from a backup never hands out a version twice: the restore
 * raises the epoch. An epoch is the number of minutes since 2026-01-01T00:00Z at which it was raised; 0 at first.
 */
export type Version = bigint;

const COUNTER_BITS = 39n;
const EPOCH_ZERO_MS = Date.UTC(2026, 0, 1);

/** The first version of the epoch that starts at `atMs` (ms since 1970). */
export function firstVersionOfEpoch(atMs: number): Version {
  const minutes = Math.floor((atMs - EPOCH_ZERO_MS) / 60_000);
  return (BigInt(Math.max(minutes, 0)) << COUNTER_BITS) + 1n;
}
