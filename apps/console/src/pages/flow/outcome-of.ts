import type { Schemas } from '../../api/schemas';
import type { Tone } from '../../ui/tone';

export interface Outcome {
  readonly tone: Tone;
  readonly word: string;
  readonly meaning: string;
}

/** The outcome of an event with this version in a service, derived from the version that its replica has now. */
export function outcomeOf(version: string | undefined, replica: Schemas['ReplicatedEntityDto'] | undefined): Outcome {
  if (replica === undefined) return { tone: 'idle', word: 'unknown', meaning: 'No longer subscribed.' };
  const { state, version: has, deferred, parked = [], reason } = replica;
  if (state === 'unreachable')
    return { tone: 'bad', word: 'unknown', meaning: reason ?? 'The service did not respond.' };
  if (state === 'unhandled') return { tone: 'idle', word: 'ignored', meaning: 'No handler for this entity type.' };
  if (version === undefined)
    return { tone: 'idle', word: 'unknown', meaning: 'Events without a version can’t be tracked.' };
  if (has !== undefined && BigInt(has) === BigInt(version))
    return { tone: 'ok', word: 'applied', meaning: 'The replica has this version.' };
  if (has !== undefined && BigInt(has) > BigInt(version)) {
    return { tone: 'ok', word: 'stale', meaning: `The replica has the newer version ${has}.` };
  }
  if (parked.some((event) => event.version === version)) {
    return { tone: 'warn', word: 'parked', meaning: 'The service could not apply it.' };
  }
  if (deferred !== undefined && deferred.version === version) {
    return { tone: 'info', word: 'deferred', meaning: `Waiting for ${deferred.waitsFor.entityId}.` };
  }
  return {
    tone: 'info',
    word: 'underway',
    meaning: has === undefined ? 'Not in the replica yet.' : `The replica has version ${has}.`,
  };
}
