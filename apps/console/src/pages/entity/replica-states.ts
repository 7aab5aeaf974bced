import type { Schemas } from '../../api/schemas';
import type { Tone } from '../../ui/tone';

export type Replicated = Schemas['ReplicatedEntityDto'];

/** How each state of a replica is displayed. */
export const REPLICA_STATES: Readonly<Record<Replicated['state'], { readonly tone: Tone; readonly meaning: string }>> =
  {
    current: { tone: 'ok', meaning: 'matches the source' },
    underway: { tone: 'info', meaning: 'a newer version is on its way' },
    deferred: { tone: 'info', meaning: 'a newer version waits for its dependency' },
    parked: { tone: 'warn', meaning: 'a newer version could not be applied' },
    different: { tone: 'bad', meaning: 'differs from the source: drift' },
    unhandled: { tone: 'idle', meaning: 'subscribed, but has no handler for this type' },
    unknown: { tone: 'idle', meaning: 'the publisher did not respond' },
    unreachable: { tone: 'bad', meaning: 'did not respond' },
  };
