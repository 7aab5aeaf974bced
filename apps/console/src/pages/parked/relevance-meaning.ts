import type { ParkedEvent } from './parked-queries';

/** What the relevance of a parked event means, and what to do about the event. */
export function relevanceMeaning({ relevance, entityId }: Pick<ParkedEvent, 'relevance' | 'entityId'>): string {
  if (relevance === 'stale')
    return 'The replica already has this state or a newer one: a redrive changes nothing. You can discard the event.';
  if (relevance === 'relevant')
    return 'The replica lacks this state. Fix the cause and redrive the event, or repair the replica and discard the event.';
  return entityId === undefined
    ? 'The message does not name its entity, so it can’t be compared with the replica.'
    : 'The service is not running, so its replica can’t be read.';
}
