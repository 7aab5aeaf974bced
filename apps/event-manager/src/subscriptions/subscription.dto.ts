import { ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import { PageQuery } from '@dbem/http';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsNotEmpty, IsOptional, IsString } from 'class-validator';

export class SubscriptionFilterDto extends PageQuery {
  @ApiPropertyOptional({ description: 'Only subscriptions to this publisher.' })
  @IsOptional()
  @IsString()
  publisher?: string;

  @ApiPropertyOptional({ description: 'Only subscriptions of this service.' })
  @IsOptional()
  @IsString()
  subscriber?: string;
}

export class PutSubscriptionDto {
  @ApiPropertyOptional({
    enum: ENTITY_TYPES,
    isArray: true,
    description: 'Only changes of these entity types. Absent: all, including types added in the future.',
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(ENTITY_TYPES, { each: true })
  entityTypes?: EntityType[];
}

export class ResumeSubscriptionDto {
  @ApiPropertyOptional({ description: 'Whose pause to end. Default: the caller’s.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  by?: string;
}

export class RemoveSubscriptionDto {
  @ApiPropertyOptional({
    enum: ['keep', 'delete'],
    default: 'keep',
    description:
      'delete: also deletes the service’s queue with its events. Rejected while the service has other subscriptions.',
  })
  @IsOptional()
  @IsIn(['keep', 'delete'])
  queue?: 'keep' | 'delete';
}
