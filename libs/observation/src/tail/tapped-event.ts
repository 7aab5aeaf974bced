import { CRUD_TYPES, ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

/** An event that an event manager has sent on, as the tail shows it. */
export const TappedEvent = z
  .object({
    at: z.iso.datetime().describe('When an event manager had sent it on.'),
    manager: z.string().describe('The event manager that sent it on.'),
    eventId: z.string().optional().meta({ example: 'user.profile:42' }),
    publisher: z.string().meta({ example: 'user.profile' }),
    entityType: z.enum(ENTITY_TYPES),
    entityId: z.string().optional().describe('Left out: an old publisher’s event of an entity that can’t be read.'),
    operation: z.enum(CRUD_TYPES),
    version: z.string().optional().describe('A decimal number. Left out: an old publisher’s event.'),
    changedAt: z.iso.datetime().optional().describe('When the change was made, by the publisher’s clock.'),
    size: z.int().describe('Bytes of the message.'),
    traceId: z.string().optional().describe('Of a traced change.'),
    destinations: z.array(z.string()).describe('The services that it was sent to.'),
    entity: z.unknown().optional().meta({
      type: 'object',
      additionalProperties: true,
      description: 'Decoded, without its secrets. Left out: not asked for, too large, or not readable.',
    }),
  })
  .meta({ id: 'TappedEventDto' });

export type TappedEvent = DeepReadonly<z.infer<typeof TappedEvent>>;

/** How many the tail left out. */
export const SkippedEvents = z
  .object({
    count: z.int().describe('Events that matched since the last `skipped` and are not shown.'),
  })
  .meta({ id: 'SkippedEventsDto' });
