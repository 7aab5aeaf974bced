import type { Violation } from './finding';

/** The states of one entity in order; null: it did not exist. */
export type States = readonly (string | null)[];

export interface StateFault {
  readonly violation: Exclude<Violation, 'lost'>;
  readonly state: string | null;
}

/**
 * Checks that the replica's states of an entity are a subsequence of the source's: states may be skipped, but not
 * repeated or reordered. Matching each state with the earliest remaining one finds a subsequence if there is one.
 */
export function followStates(source: States, replica: States): StateFault[] {
  const faults: StateFault[] = [];
  const known = new Set<string | null>(source);
  let from = 0;
  let last: string | null = null;
  for (const state of replica) {
    const found = source.indexOf(state, from);
    if (found >= 0) from = found + 1;
    else if (!known.has(state)) faults.push({ violation: 'phantom', state });
    else faults.push({ violation: state === last ? 'doubled' : 'backwards', state });
    last = state;
  }
  return faults;
}
