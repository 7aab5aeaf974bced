import { ENTITY_TYPES, type EntityType, type Subscription } from '@dbem/db-event';
import { PageQuery, pageOf } from '@dbem/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsOptional, IsString } from 'class-validator';

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
    description: 'Only changes of these entity types. Left out: all of them, also those that do not exist yet.',
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(ENTITY_TYPES, { each: true })
  entityTypes?: EntityType[];
}

export class SubscriptionDto implements Subscription {
  @ApiProperty({ example: 'user.profile' })
  publisher!: string;

  @ApiProperty({ example: 'sharing' })
  subscriber!: string;

  @ApiPropertyOptional({ enum: ENTITY_TYPES, isArray: true, description: 'Left out: all entity types.' })
  entityTypes?: EntityType[];

  static of({ publisher, subscriber, entityTypes }: Subscription): SubscriptionDto {
    return { publisher, subscriber, ...(entityTypes !== undefined && { entityTypes: [...entityTypes] }) };
  }
}

export const SubscriptionPage = pageOf(SubscriptionDto);
