import type { Tone } from '../ui/tone';
import type { Edge, EdgeState, ServiceNode } from './apply-changes';
import { EDGE_STATES } from './edge-states';

const STATES = Object.keys(EDGE_STATES) as EdgeState[];
const TONES: readonly Tone[] = ['bad', 'warn', 'info', 'idle', 'ok'];

/** The states of a subscription, most severe first. */
export function statesOf({ state, also = [] }: Pick<Edge, 'state' | 'also'>): EdgeState[] {
  return [state, ...also].sort((one, other) => STATES.indexOf(one) - STATES.indexOf(other));
}

/** The colour of a subscription: that of its most severe state. */
export function toneOfEdge(edge: Pick<Edge, 'state' | 'also'>): Tone {
  return EDGE_STATES[statesOf(edge)[0] ?? 'flowing'].tone;
}

/** The most severe of some tones; `ok` if there are none. */
export function mostSevere(tones: readonly Tone[]): Tone {
  return TONES.find((tone) => tones.includes(tone)) ?? 'ok';
}

/** The colour of a service, regardless of its subscriptions' states. */
export function toneOfService({ health, outbox }: ServiceNode): Tone {
  if (health === 'gone') return 'bad';
  if (outbox !== undefined && outbox.depth > 0 && outbox.oldestAgeMs > 15_000) return 'bad';
  if (health === 'unready') return 'warn';
  return health === 'unknown' ? 'idle' : 'ok';
}
