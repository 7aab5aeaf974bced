import { shown } from '@dbem/contract';
import { CRUD_TYPES, ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';
import type { DescribedEvent } from './parked.service';

const RELEVANCES = ['stale', 'relevant', 'unknown'] as const;

export const ParkedEventDto = z
  .object({
    id: z.string().describe('Unique among what is parked of the service.'),
    service: z.string().meta({ example: 'sharing' }),
    publisher: z
      .string()
      .optional()
      .meta({ description: 'Left out, as what follows: the message can’t be read.', example: 'user.profile' }),
    entityType: z.enum(ENTITY_TYPES).optional(),
    entityId: z.string().optional(),
    crudType: z.enum(CRUD_TYPES).optional(),
    version: z.string().optional().describe('A decimal number. Left out: the event of an old publisher.'),
    reasonCode: z.string().meta({ example: 'HANDLER_FAILED' }),
    reason: z.string(),
    attempts: z.number().describe('How often it was tried since it came, or was redriven.'),
    redrives: z.number().describe('How often it was redriven.'),
    firstFailedAt: z.iso.datetime().optional(),
    lastFailedAt: z.iso.datetime().optional(),
    relevance: z
      .enum(RELEVANCES)
      .describe(
        'stale: the replica holds this or a newer state of the entity; a redrive would change nothing. unknown: the ' +
          'service is not running, or the event says not which entity it is of.',
      ),
  })
  .meta({ id: 'ParkedEventDto' });

export type ParkedEventDto = DeepReadonly<z.infer<typeof ParkedEventDto>>;

export const ReplicaVersionDto = z
  .object({
    version: z.string().describe('A decimal number.'),
    deleted: z.boolean(),
  })
  .meta({ id: 'ReplicaVersionDto' });

export const ParkedEventDetailDto = ParkedEventDto.extend({
  stack: z.string(),
  messageId: z.string().optional().describe('The AMQP message id.'),
  bytes: z.number().describe('Of the message, without its headers.'),
  entity: z.unknown().optional().meta({
    type: 'object',
    additionalProperties: true,
    description: 'The entity; secrets are not shown. Left out: it can’t be read.',
  }),
  replica: ReplicaVersionDto.optional().describe('What the replica holds of the entity now.'),
}).meta({ id: 'ParkedEventDetailDto' });

export type ParkedEventDetailDto = DeepReadonly<z.infer<typeof ParkedEventDetailDto>>;

export function toParkedEventDto({ event, content, relevance }: DescribedEvent): ParkedEventDto {
  const { publisher, entityType, entityId, crudType, version } = content;
  return {
    id: event.id,
    service: event.service,
    ...(publisher !== undefined && { publisher }),
    ...(entityType !== undefined && { entityType }),
    ...(entityId !== undefined && { entityId }),
    ...(crudType !== undefined && { crudType }),
    ...(version !== undefined && { version: String(version) }),
    reasonCode: event.reasonCode,
    reason: event.reason,
    attempts: event.attempts,
    redrives: event.redrives,
    ...(event.firstFailedAt !== undefined && { firstFailedAt: event.firstFailedAt.toISOString() }),
    ...(event.lastFailedAt !== undefined && { lastFailedAt: event.lastFailedAt.toISOString() }),
    relevance,
  };
}

export function toParkedEventDetailDto(described: DescribedEvent): ParkedEventDetailDto {
  const { event, content, replica } = described;
  const { messageId, body } = event.delivery;
  return {
    ...toParkedEventDto(described),
    stack: event.stack,
    ...(messageId !== undefined && { messageId }),
    bytes: body.length,
    ...(content.entity !== undefined && { entity: shown(content.entity) }),
    ...(replica !== undefined && { replica: { version: replica.version, deleted: replica.deleted } }),
  };
}
