import { shown } from '@dbem/contract';
import { ENTITY_TYPES, type EntityKey, type EntityType } from '@dbem/db-event';
import { differingValues } from '@dbem/reconcile';
import type { SourceEntity } from '@dbem/transport';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { ParkedEventDto } from '../parked/parked.dto';
import type { Answer, EntityLooks, EntityReport, ServiceReport, Standing } from './entity-report';
import { STANDINGS } from './entity-report';
import { HeldEventDto } from './held.dto';

export class EntityKeyDto implements EntityKey {
  @IsString()
  @MaxLength(200)
  publisher!: string;

  @IsIn(ENTITY_TYPES)
  entityType!: EntityType;

  @IsString()
  @MaxLength(1_000)
  entityId!: string;
}

export class SourceEntityDto {
  @ApiProperty({
    enum: ['present', 'deleted', 'unpublished', 'unreachable'],
    description:
      'unpublished: the publisher has no version of it: it never published it, or deleted it so long ago that it has forgotten. ' +
      'unreachable: see `reason`.',
  })
  status!: 'present' | 'deleted' | 'unpublished' | 'unreachable';

  @ApiPropertyOptional({ description: 'Of its last change; a decimal number.' })
  version?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  changedAt?: string;

  @ApiPropertyOptional({ type: [String], description: 'Versions that the publisher has yet to send.' })
  unpublished?: string[];

  @ApiPropertyOptional({ description: 'Why the publisher can’t be asked.' })
  reason?: string;

  static of(answer: Answer<SourceEntity>): SourceEntityDto {
    if ('reason' in answer) return { status: 'unreachable', reason: answer.reason };
    const { version, deleted, changedAtMs, unpublished } = answer.result;
    if (version === null) return { status: 'unpublished' };
    return {
      status: deleted ? 'deleted' : 'present',
      version,
      ...(changedAtMs !== null && { changedAt: new Date(changedAtMs).toISOString() }),
      unpublished: [...unpublished],
    };
  }
}

export class FieldDifferenceDto {
  @ApiProperty({ example: 'emails.0', description: 'As the replica’s projection names it.' })
  field!: string;

  @ApiPropertyOptional({ description: 'What the source has, as JSON; for operators. Secrets are left out.' })
  source?: unknown;

  @ApiPropertyOptional({ description: 'What the replica has.' })
  replica?: unknown;

  static listOf({ fields, replica, source }: EntityLooks, showsValues: boolean): FieldDifferenceDto[] {
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
}

/** By its name a field may be a secret. */
function shownValue(field: string, json = 'null'): unknown {
  return (shown({ [field]: JSON.parse(json) }) as Record<string, unknown>)[field];
}

export class ReplicatedEntityDto {
  @ApiProperty({ example: 'sharing' })
  service!: string;

  @ApiProperty({
    enum: STANDINGS,
    description:
      'current: as the source. held, parked: a newer version waits for what it depends on, or can’t be applied. underway: ' +
      'a newer version is on its way, or lost. different: has what the source has not, or lacks what it never published. ' +
      'unhandled: subscribed, but without a handler. ' +
      'unknown: the publisher can’t be asked. unreachable: see `reason`.',
  })
  standing!: Standing;

  @ApiPropertyOptional({ description: 'What it has; a decimal number. Left out: it never had the entity.' })
  version?: string;

  @ApiPropertyOptional()
  deleted?: boolean;

  @ApiPropertyOptional({ format: 'date-time' })
  appliedAt?: string;

  @ApiPropertyOptional({ type: HeldEventDto })
  held?: HeldEventDto;

  @ApiPropertyOptional({ type: [ParkedEventDto] })
  parked?: ParkedEventDto[];

  @ApiPropertyOptional({
    type: [FieldDifferenceDto],
    description: 'The compared fields that differ from the source. Left out: source or replica can’t show the entity.',
  })
  differences?: FieldDifferenceDto[];

  @ApiPropertyOptional({ description: 'Why the service can’t be asked.' })
  reason?: string;

  static of({ service, standing, answer, parked, looks }: ServiceReport, showsValues: boolean): ReplicatedEntityDto {
    const found = parked.length > 0 && { parked: parked.map(ParkedEventDto.of) };
    if ('reason' in answer) return { service, standing, reason: answer.reason, ...found };
    const { version, deleted, appliedAtMs, held } = answer.result;
    return {
      service,
      standing,
      ...(version !== null && { version, deleted }),
      ...(appliedAtMs !== null && { appliedAt: new Date(appliedAtMs).toISOString() }),
      ...(held !== null && { held: HeldEventDto.of(held) }),
      ...(looks !== undefined && { differences: FieldDifferenceDto.listOf(looks, showsValues) }),
      ...found,
    };
  }
}

export class EntityReportDto {
  @ApiProperty({ example: 'user.profile' })
  publisher!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  entityType!: EntityType;

  @ApiProperty({ example: 'ada@seagrid' })
  entityId!: string;

  @ApiProperty({ type: SourceEntityDto })
  source!: SourceEntityDto;

  @ApiProperty({
    type: [ReplicatedEntityDto],
    description: 'One for each service that is subscribed to such entities.',
  })
  services!: ReplicatedEntityDto[];

  /** @param showsValues what the fields that differ hold, too. */
  static of(
    { publisher, entityType, entityId }: EntityKey,
    { source, services }: EntityReport,
    showsValues: boolean,
  ): EntityReportDto {
    return {
      publisher,
      entityType,
      entityId,
      source: SourceEntityDto.of(source),
      services: services.map((service) => ReplicatedEntityDto.of(service, showsValues)),
    };
  }
}
