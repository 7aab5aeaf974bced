import { shown } from '@dbem/contract';
import { CRUD_TYPES, ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';
import type { DescribedEvent } from './parked.service';

const RELEVANCES = ['stale', 'relevant', 'unknown'] as const;

export const ParkedEventDto = z
  .object({
    id: z.string().describe('Unique among the parked events of the service.'),
    service: z.string().meta({ example: 'sharing' }),
    publisher: z
      .string()
      .optional()
      .meta({ description: 'Absent, like the next fields, if the message is undecodable.', example: 'user.profile' }),
    entityType: z.enum(ENTITY_TYPES).optional(),
    entityId: z.string().optional(),
    crudType: z.enum(CRUD_TYPES).optional(),
    version: z.string().optional().describe('A decimal number. Absent for events of legacy publishers.'),
    reasonCode: z.string().meta({ example: 'HANDLER_FAILED' }),
    reason: z.string(),
    attempts: z.number().describe('Attempts since the event arrived or was last redriven.'),
    redrives: z.number().describe('Number of redrives.'),
    firstFailedAt: z.iso.datetime().optional(),
    lastFailedAt: z.iso.datetime().optional(),
    relevance: z
      .enum(RELEVANCES)
      .describe(
        'stale: the replica has this or a newer version of the entity, so a redrive would change nothing. unknown: the ' +
          'service is not running, or the event does not identify its entity.',
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
  bytes: z.number().describe('Size of the message body.'),
  entity: z.unknown().optional().meta({
    type: 'object',
    additionalProperties: true,
    description: 'The entity; secrets are redacted. Absent if it is undecodable.',
  }),
  replica: ReplicaVersionDto.optional().describe('The version of the entity that the replica has now.'),
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
