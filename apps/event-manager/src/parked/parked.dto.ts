import { shown } from '@dbem/contract';
import { CRUD_TYPES, type CrudType, ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import { PageQuery } from '@dbem/http';
import { FORECAST_OUTCOMES, type ForecastOutcome } from '@dbem/transport';
import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsBooleanString, IsIn, IsISO8601, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import type { DescribedEvent, ForeseenEvent, RedrivePlan } from './parked.service';

const STANDINGS = ['obsolete', 'relevant', 'unknown'] as const;

export class ParkedFilterDto {
  @ApiPropertyOptional({ description: 'Only events of this publisher.' })
  @IsOptional()
  @IsString()
  publisher?: string;

  @ApiPropertyOptional({ enum: ENTITY_TYPES, description: 'Only events of this entity type.' })
  @IsOptional()
  @IsIn(ENTITY_TYPES)
  entityType?: EntityType;

  @ApiPropertyOptional({ description: 'Only events that are parked for this reason.', example: 'HANDLER_FAILED' })
  @IsOptional()
  @IsString()
  reasonCode?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Only events that failed last before this time.' })
  @IsOptional()
  @IsISO8601()
  failedBefore?: string;
}

export class ParkedQueryDto extends IntersectionType(ParkedFilterDto, PageQuery) {
  @ApiPropertyOptional({
    description: 'Only what is parked of this service (`db.event`: of the event manager). Left out: of all in the map.',
  })
  @IsOptional()
  @IsString()
  service?: string;
}

export class DryRunDto {
  @ApiPropertyOptional({
    type: 'boolean',
    default: false,
    description: 'Tell what would become of it; change nothing.',
  })
  @IsOptional()
  @IsBooleanString()
  dryRun?: string;
}

export class RedriveQueryDto extends IntersectionType(ParkedFilterDto, DryRunDto) {}

export class DiscardDto {
  @ApiProperty({ description: 'Why nobody needs the event any more; goes to the log.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  reason!: string;
}

export class ParkedEventDto {
  @ApiProperty({ description: 'Unique among what is parked of the service.' })
  id!: string;

  @ApiProperty({ example: 'sharing' })
  service!: string;

  @ApiPropertyOptional({
    example: 'user.profile',
    description: 'Left out, as what follows: the message can’t be read.',
  })
  publisher?: string;

  @ApiPropertyOptional({ enum: ENTITY_TYPES })
  entityType?: EntityType;

  @ApiPropertyOptional()
  entityId?: string;

  @ApiPropertyOptional({ enum: CRUD_TYPES })
  crudType?: CrudType;

  @ApiPropertyOptional({ description: 'A decimal number. Left out: the event of an old publisher.' })
  version?: string;

  @ApiProperty({ example: 'HANDLER_FAILED' })
  reasonCode!: string;

  @ApiProperty()
  reason!: string;

  @ApiProperty({ description: 'How often it was tried since it came, or was redriven.' })
  attempts!: number;

  @ApiProperty({ description: 'How often it was redriven.' })
  redrives!: number;

  @ApiPropertyOptional({ format: 'date-time' })
  firstFailedAt?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  lastFailedAt?: string;

  @ApiProperty({
    enum: STANDINGS,
    description:
      'obsolete: the replica holds this or a newer state of the entity; a redrive would change nothing. unknown: the ' +
      'service is not running, or the event says not which entity it is of.',
  })
  standing!: (typeof STANDINGS)[number];

  static of({ event, content, standing }: DescribedEvent): ParkedEventDto {
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
      standing,
    };
  }
}

export class HeldDto {
  @ApiProperty({ description: 'A decimal number.' })
  version!: string;

  @ApiProperty()
  deleted!: boolean;
}

export class ParkedEventDetailDto extends ParkedEventDto {
  @ApiProperty()
  stack!: string;

  @ApiPropertyOptional({ description: 'The AMQP message id.' })
  messageId?: string;

  @ApiProperty({ description: 'Of the message, without its headers.' })
  bytes!: number;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'The entity; secrets are not shown. Left out: it can’t be read.',
  })
  entity?: unknown;

  @ApiPropertyOptional({ type: HeldDto, description: 'What the replica holds of the entity now.' })
  held?: HeldDto;

  static override of(described: DescribedEvent): ParkedEventDetailDto {
    const { event, content, held } = described;
    const { messageId, body } = event.delivery;
    return {
      ...ParkedEventDto.of(described),
      stack: event.stack,
      ...(messageId !== undefined && { messageId }),
      bytes: body.length,
      ...(content.entity !== undefined && { entity: shown(content.entity) }),
      ...(held !== undefined && { held: { version: held.version, deleted: held.deleted } }),
    };
  }
}

export class ForecastDto {
  @ApiProperty()
  id!: string;

  @ApiPropertyOptional({ description: 'Left out, as what follows: the message can’t be read.' })
  publisher?: string;

  @ApiPropertyOptional({ enum: ENTITY_TYPES })
  entityType?: EntityType;

  @ApiPropertyOptional()
  entityId?: string;

  @ApiPropertyOptional({ description: 'A decimal number.' })
  version?: string;

  @ApiProperty({
    enum: FORECAST_OUTCOMES,
    description:
      'would apply: its handler has been tried and took it. still fails: its handler has been tried and failed again, or it ' +
      'can’t be used at all. would wait: what it depends on is not there. stale: the replica holds a newer state; duplicate: ' +
      'this very state. superseded: a newer parked event of its entity would be applied. unknown: it could not be tried.',
  })
  outcome!: ForecastOutcome;

  @ApiPropertyOptional({ description: 'Why it fails, waits, or is not known.' })
  reason?: string;

  static of({ event, content, forecast }: ForeseenEvent): ForecastDto {
    const { publisher, entityType, entityId, version } = content;
    return {
      id: event.id,
      ...(publisher !== undefined && { publisher }),
      ...(entityType !== undefined && { entityType }),
      ...(entityId !== undefined && { entityId }),
      ...(version !== undefined && { version: String(version) }),
      ...forecast,
    };
  }
}

export class RedrivenDto {
  @ApiProperty({ description: 'Confirmed in the queue that they had come from.' })
  redriven!: number;

  @ApiProperty({ description: 'Could not be sent back; they stay parked.' })
  failed!: number;

  @ApiPropertyOptional({ description: 'Why the first of them could not.' })
  failure?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Of a dry run: how many events there are of each outcome.',
    example: { 'would apply': 12, 'still fails': 1 },
  })
  plan?: Record<string, number>;

  @ApiPropertyOptional({ type: [ForecastDto], description: 'Of a dry run: what would become of each.' })
  forecasts?: ForecastDto[];

  @ApiPropertyOptional({ description: 'Of a dry run: more match than it has looked at (2,000, or 32 MiB).' })
  hasMore?: boolean;

  static of({ items, hasMore }: RedrivePlan): RedrivenDto {
    const plan: Record<string, number> = {};
    for (const { forecast } of items) plan[forecast.outcome] = (plan[forecast.outcome] ?? 0) + 1;
    return { redriven: 0, failed: 0, plan, forecasts: items.map(ForecastDto.of), hasMore };
  }
}
