import type { Schemas } from '../../api/schemas';
import type { Tone } from '../../ui/tone';

export type Replicated = Schemas['ReplicatedEntityDto'];

/** What each state of a replica looks like, and what it means. */
export const REPLICA_STATES: Readonly<Record<Replicated['state'], { readonly tone: Tone; readonly means: string }>> = {
  current: { tone: 'ok', means: 'as the source has it' },
  underway: { tone: 'info', means: 'a newer version is on its way' },
  deferred: { tone: 'info', means: 'a newer version waits for what it depends on' },
  parked: { tone: 'warn', means: 'a newer version could not be applied' },
  different: { tone: 'bad', means: 'has what the source has not: drift' },
  unhandled: { tone: 'idle', means: 'subscribed, but without a handler for this type' },
  unknown: { tone: 'idle', means: 'the publisher can’t be asked' },
  unreachable: { tone: 'bad', means: 'does not answer' },
};
