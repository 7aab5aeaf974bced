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
