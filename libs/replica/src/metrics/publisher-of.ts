import { DbEventError } from '@dbem/db-event';
import { decodeMessage } from '@dbem/entity-codec';
import type { Delivery } from '@dbem/transport';

/** The publisher of an event, even if it can't be applied. Undefined if its envelope can't be decoded. */
export function publisherOf({ body }: Delivery): string | undefined {
  try {
    const message = decodeMessage(body);
    return message.kind === 'event' ? message.event.publisher : undefined;
  } catch (error) {
    if (error instanceof DbEventError) return undefined;
    throw error;
  }
}
