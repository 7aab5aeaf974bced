import { ENTITY_TYPES, type EntityKey, type EntityType } from '@dbem/db-event';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import type { Answer, EntityReport, ServiceReport, SourceEntity, Standing } from '../../entities/entity-report';
import { STANDINGS } from '../../entities/entity-report';
import { HeldEventDto } from './held.dto';
import { ParkedEventDto } from './parked.dto';

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
    description: 'unpublished: the publisher has never published it. unreachable: see `reason`.',
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

export class ReplicatedEntityDto {
  @ApiProperty({ example: 'sharing' })
  service!: string;

  @ApiProperty({
    enum: STANDINGS,
    description:
      'current: as the source. held, parked: a newer version waits for what it depends on, or can’t be applied. underway: ' +
      'a newer version is on its way. different: has what the source has not. unhandled: subscribed, but without a handler. ' +
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

  @ApiPropertyOptional({ description: 'Why the service can’t be asked.' })
  reason?: string;

  static of({ service, standing, answer, parked }: ServiceReport): ReplicatedEntityDto {
    const found = parked.length > 0 && { parked: parked.map(ParkedEventDto.of) };
    if ('reason' in answer) return { service, standing, reason: answer.reason, ...found };
    const { version, deleted, appliedAtMs, held } = answer.result;
    return {
      service,
      standing,
      ...(version !== null && { version, deleted }),
      ...(appliedAtMs !== null && { appliedAt: new Date(appliedAtMs).toISOString() }),
      ...(held !== null && { held: HeldEventDto.of(held) }),
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

  static of({ publisher, entityType, entityId }: EntityKey, { source, services }: EntityReport): EntityReportDto {
    return {
      publisher,
      entityType,
      entityId,
      source: SourceEntityDto.of(source),
      services: services.map(ReplicatedEntityDto.of),
    };
  }
}
