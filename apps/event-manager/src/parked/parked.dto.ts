import { ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import { PageQuery } from '@dbem/http';
import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsBooleanString, IsIn, IsISO8601, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';

export class ParkedFilterDto {
  @ApiPropertyOptional({ description: 'Only events of this publisher.' })
  @IsOptional()
  @IsString()
  publisher?: string;

  @ApiPropertyOptional({ enum: ENTITY_TYPES, description: 'Only events of this entity type.' })
  @IsOptional()
  @IsIn(ENTITY_TYPES)
  entityType?: EntityType;

  @ApiPropertyOptional({ description: 'Only events with this reason code.', example: 'HANDLER_FAILED' })
  @IsOptional()
  @IsString()
  reasonCode?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Only events whose last failure was before this time.' })
  @IsOptional()
  @IsISO8601()
  failedBefore?: string;
}

export class ParkedQueryDto extends IntersectionType(ParkedFilterDto, PageQuery) {
  @ApiPropertyOptional({
    description:
      'Only events parked by this service (`db.event`: by the event manager). Absent: by the manager and all services in the map.',
  })
  @IsOptional()
  @IsString()
  service?: string;
}

export class DryRunDto {
  @ApiPropertyOptional({
    type: 'boolean',
    default: false,
    description: 'Only report what a redrive would do; change nothing.',
  })
  @IsOptional()
  @IsBooleanString()
  dryRun?: string;
}

export class RedriveQueryDto extends IntersectionType(ParkedFilterDto, DryRunDto) {}

export class DiscardDto {
  @ApiProperty({ description: 'Why the event is no longer needed; written to the log.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  reason!: string;
}
