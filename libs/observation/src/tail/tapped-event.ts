import { CRUD_TYPES, ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

/** An event that an event manager has forwarded, as the tail shows it. */
export const TappedEvent = z
  .object({
    at: z.iso.datetime().describe('When an event manager had forwarded it.'),
    manager: z.string().describe('The event manager that forwarded it.'),
    eventId: z.string().optional().meta({ example: 'user.profile:42' }),
    publisher: z.string().meta({ example: 'user.profile' }),
    entityType: z.enum(ENTITY_TYPES),
    entityId: z.string().optional().describe('Left out: a legacy publisher’s event whose entity can’t be decoded.'),
    operation: z.enum(CRUD_TYPES),
    version: z.string().optional().describe('A decimal number. Left out: a legacy publisher’s event.'),
    changedAt: z.iso.datetime().optional().describe('When the change was made, by the publisher’s clock.'),
    size: z.int().describe('Bytes of the message.'),
    traceId: z.string().optional().describe('Left out: the change was not traced.'),
    destinations: z.array(z.string()).describe('The services that it was forwarded to.'),
    entity: z.unknown().optional().meta({
      type: 'object',
      additionalProperties: true,
      description: 'Decoded, without its secrets. Left out: not requested, too large, or not decodable.',
    }),
  })
  .meta({ id: 'TappedEventDto' });

export type TappedEvent = DeepReadonly<z.infer<typeof TappedEvent>>;

/** The number of events that the tail skipped. */
export const SkippedEvents = z
  .object({
    count: z.int().describe('Matching events since the last `skipped` that were not shown.'),
  })
  .meta({ id: 'SkippedEventsDto' });
