import type { ParkedEvent } from './parked-queries';

/** What the relevance of a parked event means for whoever has to decide. */
export function relevanceMeaning({ relevance, entityId }: Pick<ParkedEvent, 'relevance' | 'entityId'>): string {
  if (relevance === 'stale')
    return 'The replica holds this state or a newer one: a redrive would change nothing. It can be discarded.';
  if (relevance === 'relevant')
    return 'The replica lacks this state. Mend the cause, then redrive it; or repair the replica, and discard it.';
  return entityId === undefined
    ? 'It says not which entity it is of, so nothing can be compared.'
    : 'The service is not running, so what the replica holds can’t be asked.';
}
