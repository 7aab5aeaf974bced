import type { DbEvent } from '@dbem/db-event';
import type { Delivery } from '@dbem/transport';
import type { TappedEvent } from './tapped-event';

/** An event as the tail shows it, without its content. */
export function tappedEventOf(
  { publisher, entityType, crudType, version, changeTimeMs }: DbEvent,
  entityId: string | undefined,
  services: readonly string[],
  { messageId, body, headers }: Delivery,
  manager: string,
): TappedEvent {
  const traceId = traceIdIn(headers);
  return {
    at: new Date().toISOString(),
    manager,
    ...(messageId !== undefined && { eventId: messageId }),
    publisher,
    entityType,
    ...(entityId !== undefined && { entityId }),
    operation: crudType,
    ...(version !== undefined && { version: String(version) }),
    ...(changeTimeMs !== undefined && { changedAt: new Date(changeTimeMs).toISOString() }),
    size: body.length,
    ...(traceId !== undefined && { traceId }),
    destinations: services,
  };
}

/** The second part of a W3C `traceparent`. */
function traceIdIn({ traceparent }: Delivery['headers']): string | undefined {
  return typeof traceparent === 'string' ? /^[\da-f]{2}-([\da-f]{32})-/.exec(traceparent)?.[1] : undefined;
}
