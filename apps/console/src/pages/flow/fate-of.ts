import type { Schemas } from '../../api/schemas';
import type { Tone } from '../../ui/tone';

export interface Fate {
  readonly tone: Tone;
  readonly word: string;
  readonly means: string;
}

/** What became of the event with this version in a service, told from what the service has of the entity now. */
export function fateOf(version: string | undefined, replica: Schemas['ReplicatedEntityDto'] | undefined): Fate {
  if (replica === undefined) return { tone: 'idle', word: 'unknown', means: 'It is not subscribed any more.' };
  const { state, version: has, deferred, parked = [], reason } = replica;
  if (state === 'unreachable') return { tone: 'bad', word: 'unknown', means: reason ?? 'The service does not answer.' };
  if (state === 'unhandled') return { tone: 'idle', word: 'ignored', means: 'It has no handler for this type.' };
  if (version === undefined)
    return { tone: 'idle', word: 'unknown', means: 'Events without a version leave no trace of their own.' };
  if (has !== undefined && BigInt(has) === BigInt(version))
    return { tone: 'ok', word: 'applied', means: 'The replica has this version.' };
  if (has !== undefined && BigInt(has) > BigInt(version)) {
    return { tone: 'ok', word: 'superseded', means: `The replica has the newer version ${has}.` };
  }
  if (parked.some((event) => event.version === version)) {
    return { tone: 'warn', word: 'parked', means: 'The service could not use it.' };
  }
  if (deferred !== undefined && deferred.version === version) {
    return { tone: 'info', word: 'deferred', means: `It waits for ${deferred.waitsFor.entityId}.` };
  }
  return {
    tone: 'info',
    word: 'underway',
    means: has === undefined ? 'The replica has nothing of it yet.' : `The replica has version ${has}.`,
  };
}
