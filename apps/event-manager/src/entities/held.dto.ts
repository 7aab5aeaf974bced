import { ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import type { HeldListing } from '@dbem/transport';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

export class HeldQueryDto {
  @ApiProperty({ example: 'sharing', description: 'The service that holds them.' })
  @IsString()
  @Length(1, 200)
  service!: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 500, default: 50, description: 'Most items in the answer.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;
}

export class AwaitedDto {
  @ApiProperty({ example: 'user.profile' })
  publisher!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  entityType!: EntityType;

  @ApiProperty({ example: 'ada@seagrid' })
  entityId!: string;

  @ApiPropertyOptional({ description: 'At least this one; a decimal number. Left out: any.' })
  version?: string;
}

export class HeldEventDto {
  @ApiProperty({ example: 'registry' })
  publisher!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  entityType!: EntityType;

  @ApiProperty()
  entityId!: string;

  @ApiProperty({ description: 'A decimal number.' })
  version!: string;

  @ApiProperty({ type: AwaitedDto, description: 'A change that it waits for; there may be more.' })
  waitsFor!: AwaitedDto;

  @ApiProperty({ format: 'date-time' })
  heldSince!: string;

  @ApiProperty({ description: 'How often it had failed before it was held.' })
  attempts!: number;

  static of({ waitsFor: { version, ...awaited }, heldSinceMs, ...event }: HeldListing): HeldEventDto {
    return {
      ...event,
      waitsFor: { ...awaited, ...(version !== null && { version }) },
      heldSince: new Date(heldSinceMs).toISOString(),
    };
  }
}

export class HeldListDto {
  @ApiProperty({ description: 'How many the service holds in all.' })
  total!: number;

  @ApiProperty({ type: [HeldEventDto], description: 'Those that have waited longest.' })
  items!: HeldEventDto[];
}
