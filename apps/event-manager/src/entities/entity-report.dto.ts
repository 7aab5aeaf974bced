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
        'unpublished: the publisher has no version of it: it never published it, or deleted it so long ago that it has forgotten. ' +
          'unreachable: see `reason`.',
      ),
    version: z.string().optional().describe('Of its last change; a decimal number.'),
    changedAt: z.iso.datetime().optional(),
    unpublished: z.array(z.string()).optional().describe('Versions that the publisher has yet to send.'),
    reason: z.string().optional().describe('Why the publisher can’t be asked.'),
  })
  .meta({ id: 'SourceEntityDto' });

export type SourceEntityDto = DeepReadonly<z.infer<typeof SourceEntityDto>>;

export const FieldDifferenceDto = z
  .object({
    field: z.string().meta({ description: 'As the replica’s projection names it.', example: 'emails.0' }),
    source: z.unknown().optional().describe('What the source has, as JSON; for operators. Secrets are left out.'),
    replica: z.unknown().optional().describe('What the replica has.'),
  })
  .meta({ id: 'FieldDifferenceDto' });

export type FieldDifferenceDto = DeepReadonly<z.infer<typeof FieldDifferenceDto>>;

export const ReplicatedEntityDto = z
  .object({
    service: z.string().meta({ example: 'sharing' }),
    state: z
      .enum(REPLICA_STATES)
      .describe(
        'current: as the source. deferred, parked: a newer version waits for what it depends on, or can’t be applied. underway: ' +
          'a newer version is on its way, or lost. different: has what the source has not, or lacks what it never published. ' +
          'unhandled: subscribed, but without a handler. ' +
          'unknown: the publisher can’t be asked. unreachable: see `reason`.',
      ),
    version: z.string().optional().describe('What it has; a decimal number. Left out: it never had the entity.'),
    deleted: z.boolean().optional(),
    appliedAt: z.iso.datetime().optional(),
    deferred: DeferredEventDto.optional(),
    parked: z.array(ParkedEventDto).optional(),
    differences: z
      .array(FieldDifferenceDto)
      .optional()
      .describe('The compared fields that differ from the source. Left out: source or replica can’t show the entity.'),
    reason: z.string().optional().describe('Why the service can’t be asked.'),
  })
  .meta({ id: 'ReplicatedEntityDto' });

export type ReplicatedEntityDto = DeepReadonly<z.infer<typeof ReplicatedEntityDto>>;

export const EntityReportDto = z
  .object({
    publisher: z.string().meta({ example: 'user.profile' }),
    entityType: z.enum(ENTITY_TYPES),
    entityId: z.string().meta({ example: 'ada@seagrid' }),
    source: SourceEntityDto,
    services: z.array(ReplicatedEntityDto).describe('One for each service that is subscribed to such entities.'),
  })
  .meta({ id: 'EntityReportDto' });

export type EntityReportDto = DeepReadonly<z.infer<typeof EntityReportDto>>;

/** @param showsValues what the fields that differ hold, too. */
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
  { service, state, answer, parked, looks }: ServiceReport,
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
    ...(looks !== undefined && { differences: toFieldDifferenceDtos(looks, showsValues) }),
    ...found,
  };
}

function toFieldDifferenceDtos({ fields, replica, source }: EntityReads, showsValues: boolean): FieldDifferenceDto[] {
  return differingValues(replica, source).map((place) => {
    const field = fields[place] ?? '';
    if (!showsValues) return { field };
    return {
      field,
      source: shownValue(field, source.values[place]),
      replica: shownValue(field, replica.values[place]),
    };
  });
}

/** By its name a field may be a secret. */
function shownValue(field: string, json = 'null'): unknown {
  return (shown({ [field]: JSON.parse(json) }) as Record<string, unknown>)[field];
}
