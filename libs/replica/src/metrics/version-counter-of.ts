/** The bits below the epoch; exact as a double. */
const COUNTER_MASK = (1n << 39n) - 1n;

/** A version's counter, without the epoch. */
export function versionCounterOf(version: bigint): number {
  return Number(version & COUNTER_MASK);
}
