import type { Violation } from './finding';

/** The states of one entity in the order in which it had them; null: it was not there. */
export type States = readonly (string | null)[];

export interface StateFault {
  readonly violation: Exclude<Violation, 'lost'>;
  readonly state: string | null;
}

/**
 * Whether a replica's states of an entity are some of the source's, in the source's order, none more often than there. To leave
 * states out is allowed; each state is matched with the earliest that is left, which finds an order if there is one.
 */
export function followStates(source: States, replica: States): StateFault[] {
  const faults: StateFault[] = [];
  const everHad = new Set<string | null>(source);
  let from = 0;
  let last: string | null = null;
  for (const state of replica) {
    const found = source.indexOf(state, from);
    if (found >= 0) from = found + 1;
    else if (!everHad.has(state)) faults.push({ violation: 'phantom', state });
    else faults.push({ violation: state === last ? 'doubled' : 'backwards', state });
    last = state;
  }
  return faults;
}
