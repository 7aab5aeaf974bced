import type { Tone } from '../ui/tone';
import type { EdgeState } from './apply-changes';

/** How each state of a subscription is displayed. In order of severity: the most severe first. */
export const EDGE_STATES: Readonly<
  Record<EdgeState, { readonly tone: Tone; readonly name: string; readonly meaning: string }>
> = {
  expired: { tone: 'bad', name: 'expired', meaning: 'The subscriber was away too long; its queue was deleted.' },
  unconsumed: { tone: 'bad', name: 'no consumer', meaning: 'The subscriber’s queue has no consumer.' },
  parked: { tone: 'warn', name: 'parked events', meaning: 'The subscriber could not apply some events.' },
  backfilling: { tone: 'info', name: 'backfilling', meaning: 'A backfill or a repair is in progress.' },
  paused: { tone: 'idle', name: 'paused', meaning: 'Events wait in a separate queue.' },
  flowing: { tone: 'ok', name: 'flowing', meaning: 'Events are delivered.' },
};
