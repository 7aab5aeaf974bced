import { CRUD_TYPES, type CrudType, ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import type { TailFilter } from '@dbem/observation';
import { ApiPropertyOptional } from '@nestjs/swagger';
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

  @ApiPropertyOptional({ description: 'Only events forwarded to this service.' })
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
    description: 'Include the decoded entities. Requires the role operator.',
  })
  @IsOptional()
  @IsBooleanString()
  content?: string;
}
