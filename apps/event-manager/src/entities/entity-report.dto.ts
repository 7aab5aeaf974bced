import { shown } from '@dbem/contract';
import { ENTITY_TYPES, type EntityKey } from '@dbem/db-event';
import { differingValues } from '@dbem/reconcile';
import type { DeepReadonly } from '@dbem/runtime';
import type { SourceEntity } from '@dbem/transport';
import { z } from 'zod';
import { ParkedEventDto, toParkedEventDto } from '../parked/parked-event.dto';
import { DeferredEventDto, toDeferredEventDto } from './deferred-event.dto';
import { type Answer, type EntityReads, type EntityReport, REPLICA_STATES, type ServiceReport } from './entity-report';

export const SourceEntityDto = z
  .object({
    status: z
      .enum(['present', 'deleted', 'unpublished', 'unreachable'])
      .describe(
        'unpublished: the publisher has no version of the entity: it never published it, or has swept its tombstone. ' +
          'unreachable: see `reason`.',
      ),
    version: z.string().optional().describe('Version of the last change; a decimal number.'),
    changedAt: z.iso.datetime().optional(),
    unpublished: z.array(z.string()).optional().describe('Versions that the publisher has not sent yet.'),
    reason: z.string().optional().describe('Why the publisher is unreachable.'),
  })
  .meta({ id: 'SourceEntityDto' });

export type SourceEntityDto = DeepReadonly<z.infer<typeof SourceEntityDto>>;

export const FieldDifferenceDto = z
  .object({
    field: z.string().meta({ description: 'As the replica’s projection names it.', example: 'emails.0' }),
    source: z.unknown().optional().describe('The source’s value, as JSON; for operators only. Secrets are redacted.'),
    replica: z.unknown().optional().describe('The replica’s value, likewise.'),
  })
  .meta({ id: 'FieldDifferenceDto' });

export type FieldDifferenceDto = DeepReadonly<z.infer<typeof FieldDifferenceDto>>;

export const ReplicatedEntityDto = z
  .object({
    service: z.string().meta({ example: 'sharing' }),
    state: z
      .enum(REPLICA_STATES)
      .describe(
        'current: same as the source. deferred, parked: a newer version waits for its dependency, or can’t be applied. underway: ' +
          'a newer version is on its way, or lost. different: has something that the source does not have, or lacks something ' +
          'that the source never published. unhandled: subscribed, but without a handler. ' +
          'unknown: the publisher is unreachable. unreachable: see `reason`.',
      ),
    version: z
      .string()
      .optional()
      .describe('Version in the replica; a decimal number. Absent: the replica never had the entity.'),
    deleted: z.boolean().optional(),
    appliedAt: z.iso.datetime().optional(),
    deferred: DeferredEventDto.optional(),
    parked: z.array(ParkedEventDto).optional(),
    differences: z
      .array(FieldDifferenceDto)
      .optional()
      .describe('The fields that differ from the source. Absent: source or replica can’t read the entity.'),
    reason: z.string().optional().describe('Why the service is unreachable.'),
  })
  .meta({ id: 'ReplicatedEntityDto' });

export type ReplicatedEntityDto = DeepReadonly<z.infer<typeof ReplicatedEntityDto>>;

export const EntityReportDto = z
  .object({
    publisher: z.string().meta({ example: 'user.profile' }),
    entityType: z.enum(ENTITY_TYPES),
    entityId: z.string().meta({ example: 'ada@seagrid' }),
    source: SourceEntityDto,
    services: z.array(ReplicatedEntityDto).describe('One item per service that subscribes to the entity type.'),
  })
  .meta({ id: 'EntityReportDto' });

export type EntityReportDto = DeepReadonly<z.infer<typeof EntityReportDto>>;

/** @param showsValues whether to include the values of differing fields. */
export function toEntityReportDto(
  { publisher, entityType, entityId }: EntityKey,
  { source, services }: EntityReport,
  showsValues: boolean,
): EntityReportDto {
  return {
    publisher,
    entityType,
    entityId,
    source: toSourceEntityDto(source),
    services: services.map((service) => toReplicatedEntityDto(service, showsValues)),
  };
}

function toSourceEntityDto(answer: Answer<SourceEntity>): SourceEntityDto {
  if ('reason' in answer) return { status: 'unreachable', reason: answer.reason };
  const { version, deleted, changedAtMs, unpublished } = answer.result;
  if (version === null) return { status: 'unpublished' };
  return {
    status: deleted ? 'deleted' : 'present',
    version,
    ...(changedAtMs !== null && { changedAt: new Date(changedAtMs).toISOString() }),
    unpublished,
  };
}

function toReplicatedEntityDto(
  { service, state, answer, parked, reads }: ServiceReport,
  showsValues: boolean,
): ReplicatedEntityDto {
  const found = parked.length > 0 && { parked: parked.map(toParkedEventDto) };
  if ('reason' in answer) return { service, state, reason: answer.reason, ...found };
  const { version, deleted, appliedAtMs, deferred } = answer.result;
  return {
    service,
    state,
    ...(version !== null && { version, deleted }),
    ...(appliedAtMs !== null && { appliedAt: new Date(appliedAtMs).toISOString() }),
    ...(deferred !== null && { deferred: toDeferredEventDto(deferred) }),
    ...(reads !== undefined && { differences: toFieldDifferenceDtos(reads, showsValues) }),
    ...found,
  };
}

function toFieldDifferenceDtos({ fields, replica, source }: EntityReads, showsValues: boolean): FieldDifferenceDto[] {
  return differingValues(replica, source).map((index) => {
    const field = fields[index] ?? '';
    if (!showsValues) return { field };
    return {
      field,
      source: redactedValue(field, source.values[index]),
      replica: redactedValue(field, replica.values[index]),
    };
  });
}

/** `shown` recognizes secrets by the name of the field. */
function redactedValue(field: string, json = 'null'): unknown {
  return (shown({ [field]: JSON.parse(json) }) as Record<string, unknown>)[field];
}
