/**
 * The version of a change: a positive 63-bit number that increases per entity. It comes from a sequence of the
 * publisher's database and is taken under the entity's row lock, so of two changes of one entity the later one has the
 * higher version.
 *
 * The upper bits are an epoch. Restoring the database from a backup raises the epoch, so that no version is issued
 * twice. An epoch is the time at which it was raised, in minutes since 2026-01-01T00:00Z; the first epoch is 0.
 */
export type Version = bigint;

const COUNTER_BITS = 39n;
const EPOCH_ZERO_MS = Date.UTC(2026, 0, 1);

/** The first version of the epoch that starts at `atMs` (ms since 1970). */
export function firstVersionOfEpoch(atMs: number): Version {
  const minutes = Math.floor((atMs - EPOCH_ZERO_MS) / 60_000);
  return (BigInt(Math.max(minutes, 0)) << COUNTER_BITS) + 1n;
}
