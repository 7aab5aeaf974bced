import { CRUD_TYPES, type CrudType, ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import type { SeenEvent, TailFilter } from '@dbem/observation';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBooleanString, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

export class TailQueryDto implements TailFilter {
  @ApiPropertyOptional({ description: 'Only events of this publisher.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  publisher?: string;

  @ApiPropertyOptional({ enum: ENTITY_TYPES })
  @IsOptional()
  @IsIn(ENTITY_TYPES)
  entityType?: EntityType;

  @ApiPropertyOptional({ description: 'Only events of the entity with this id.' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  entityId?: string;

  @ApiPropertyOptional({ description: 'Only events that go to this service.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  subscriber?: string;

  @ApiPropertyOptional({ enum: CRUD_TYPES })
  @IsOptional()
  @IsIn(CRUD_TYPES)
  operation?: CrudType;

  @ApiPropertyOptional({
    type: 'boolean',
    default: false,
    description: 'Show the decoded entities too. Needs the role operator.',
  })
  @IsOptional()
  @IsBooleanString()
  content?: string;
}

/** The data of `event` in the tail. */
export class SeenEventDto implements SeenEvent {
  @ApiProperty({ format: 'date-time', description: 'When an event manager had sent it on.' })
  at!: string;

  @ApiProperty({ description: 'The event manager that sent it on.' })
  manager!: string;

  @ApiPropertyOptional({ example: 'user.profile:42' })
  eventId?: string;

  @ApiProperty({ example: 'user.profile' })
  publisher!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  entityType!: EntityType;

  @ApiPropertyOptional({ description: 'Left out: an old publisher’s event of an entity that can’t be read.' })
  entityId?: string;

  @ApiProperty({ enum: CRUD_TYPES })
  operation!: CrudType;

  @ApiPropertyOptional({ description: 'A decimal number. Left out: an old publisher’s event.' })
  version?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'When the change was made, by the publisher’s clock.' })
  changedAt?: string;

  @ApiProperty({ type: 'integer', description: 'Bytes of the message.' })
  size!: number;

  @ApiPropertyOptional({ description: 'Of a traced change.' })
  traceId?: string;

  @ApiProperty({ type: [String], description: 'The services that it was sent to.' })
  destinations!: string[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Decoded, without its secrets. Left out: not asked for, too large, or not readable.',
  })
  entity?: unknown;
}

/** The data of `skipped` in the tail. */
export class SkippedEventsDto {
  @ApiProperty({ type: 'integer', description: 'Events that matched since the last `skipped` and are not shown.' })
  count!: number;
}
