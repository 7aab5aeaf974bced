import type { DbEvent } from '@dbem/db-event';
import type { TailFilter } from './tail-filter';

/**
 * Whether an event that was forwarded to these services matches the filter.
 *
 * @param entityId may be slow, so it is called last.
 */
export function matches(
  { publisher, entityType, entityId: requiredId, subscriber, operation }: TailFilter,
  event: DbEvent,
  entityId: () => string | undefined,
  services: readonly string[],
): boolean {
  return (
    (publisher === undefined || event.publisher === publisher) &&
    (entityType === undefined || event.entityType === entityType) &&
    (operation === undefined || event.crudType === operation) &&
    (subscriber === undefined || services.includes(subscriber)) &&
    (requiredId === undefined || entityId() === requiredId)
  );
}
