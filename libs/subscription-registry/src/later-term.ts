const START_OF_TERMS_MS = Date.UTC(2020, 0, 1);

/**
 * A term after this one. Not less than the seconds since 2020, so that terms also rise if the store of the last one was
 * lost; at most 31 bits until 2088.
 */
export function laterTerm(last: number): number {
  return Math.max(last + 1, Math.floor((Date.now() - START_OF_TERMS_MS) / 1_000));
}
