import type { Tone } from '../ui/tone';
import type { EdgeState } from './apply-changes';

/** What each state of a subscription looks like, and what it means. */
export const EDGE_STATES: Readonly<
  Record<EdgeState, { readonly tone: Tone; readonly name: string; readonly means: string }>
> = {
  expired: { tone: 'bad', name: 'expired', means: 'Its subscriber stayed away for too long; its queue was deleted.' },
  silent: { tone: 'bad', name: 'silent', means: 'Nobody takes from its subscriber’s queue.' },
  parked: { tone: 'warn', name: 'parked events', means: 'Its subscriber could not use some events.' },
  backfilling: { tone: 'info', name: 'backfilling', means: 'A backfill or a repair is under way.' },
  paused: { tone: 'idle', name: 'paused', means: 'Its events wait in a queue of their own.' },
  flowing: { tone: 'ok', name: 'flowing', means: 'Events get through.' },
};
