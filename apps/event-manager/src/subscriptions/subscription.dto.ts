import {
  ENTITY_TYPES,
  type EntityType,
  type Lapse,
  SUBSCRIPTION_DELIVERIES,
  type Subscription,
  type SubscriptionDelivery,
} from '@dbem/db-event';
import { PageQuery, pageOf } from '@dbem/http';
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

export class RemoveSubscriptionDto {
  @ApiPropertyOptional({
    enum: ['keep', 'delete'],
    default: 'keep',
    description:
      'delete: the service’s queue goes too, with the events in it. Refused while it has other subscriptions.',
  })
  @IsOptional()
  @IsIn(['keep', 'delete'])
  queue?: 'keep' | 'delete';
}

export class SubscriptionDto implements Subscription {
  @ApiProperty({ example: 'user.profile' })
  publisher!: string;

  @ApiProperty({ example: 'sharing' })
  subscriber!: string;

  @ApiPropertyOptional({ enum: ENTITY_TYPES, isArray: true, description: 'Left out: all entity types.' })
  entityTypes?: EntityType[];

  @ApiPropertyOptional({
    enum: SUBSCRIPTION_DELIVERIES,
    description:
      'paused: its events wait in a queue of their own. resuming, draining: they are being moved on. Left out: they go straight to the service.',
  })
  delivery?: SubscriptionDelivery;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it lapsed: its subscriber stayed away for too long, and its queue was deleted.',
  })
  lapsedSince?: string;

  @ApiPropertyOptional({
    enum: ['dropping', 'dropped', 'returned'],
    description: 'Of a lapse. returned: the subscriber gets events again, and has not rebuilt itself yet.',
  })
  lapseState?: Lapse['state'];

  static of({ publisher, subscriber, entityTypes, delivery, lapse }: Subscription): SubscriptionDto {
    return {
      publisher,
      subscriber,
      ...(delivery !== undefined && { delivery }),
      ...(entityTypes !== undefined && { entityTypes: [...entityTypes] }),
      ...(lapse !== undefined && { lapsedSince: new Date(lapse.sinceMs).toISOString(), lapseState: lapse.state }),
    };
  }
}

export const SubscriptionPage = pageOf(SubscriptionDto);
