import { DbEventError } from '@dbem/db-event';
import { decodeMessage } from '@dbem/entity-codec';
import type { Delivery } from '@dbem/transport';

/** Who published the event, also of one that can't be applied; undefined if its envelope can't be read. */
export function publisherOf({ body }: Delivery): string | undefined {
  try {
    const message = decodeMessage(body);
    return message.kind === 'event' ? message.event.publisher : undefined;
  } catch (error) {
    if (error instanceof DbEventError) return undefined;
    throw error;
  }
}
