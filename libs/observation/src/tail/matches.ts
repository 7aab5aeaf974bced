import type { DbEvent } from '@dbem/db-event';
import type { TailFilter } from './tail-filter';

/**
 * Whether an event, sent on to these services, is one that the filter asks for.
 *
 * @param entityId may take its time: asked last.
 */
export function passes(
  { publisher, entityType, entityId: wantedId, subscriber, operation }: TailFilter,
  event: DbEvent,
  entityId: () => string | undefined,
  services: readonly string[],
): boolean {
  return (
    (publisher === undefined || event.publisher === publisher) &&
    (entityType === undefined || event.entityType === entityType) &&
    (operation === undefined || event.crudType === operation) &&
    (subscriber === undefined || services.includes(subscriber)) &&
    (wantedId === undefined || entityId() === wantedId)
  );
}
