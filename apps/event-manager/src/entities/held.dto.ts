import { ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import type { HeldListing } from '@dbem/transport';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { z } from 'zod';

export class HeldQueryDto {
  @ApiProperty({ example: 'sharing', description: 'The service that holds them.' })
  @IsString()
  @Length(1, 200)
  service!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 500,
    default: 50,
    description: 'Most items in the answer.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;
}

export const AwaitedDto = z
  .object({
    publisher: z.string().meta({ example: 'user.profile' }),
    entityType: z.enum(ENTITY_TYPES),
    entityId: z.string().meta({ example: 'ada@seagrid' }),
    version: z.string().optional().describe('At least this one; a decimal number. Left out: any.'),
  })
  .meta({ id: 'AwaitedDto' });

export const HeldEventDto = z
  .object({
    publisher: z.string().meta({ example: 'registry' }),
    entityType: z.enum(ENTITY_TYPES),
    entityId: z.string(),
    version: z.string().describe('A decimal number.'),
    waitsFor: AwaitedDto.describe('A change that it waits for; there may be more.'),
    heldSince: z.iso.datetime(),
    attempts: z.number().describe('How often it had failed before it was held.'),
  })
  .meta({ id: 'HeldEventDto' });

export type HeldEventDto = DeepReadonly<z.infer<typeof HeldEventDto>>;

export const HeldListDto = z
  .object({
    total: z.number().describe('How many the service holds in all.'),
    items: z.array(HeldEventDto).describe('Those that have waited longest.'),
  })
  .meta({ id: 'HeldListDto' });

export type HeldListDto = DeepReadonly<z.infer<typeof HeldListDto>>;

export function toHeldEventDto({
  waitsFor: { version, ...awaited },
  heldSinceMs,
  ...event
}: HeldListing): HeldEventDto {
  return {
    ...event,
    waitsFor: { ...awaited, ...(version !== null && { version }) },
    heldSince: new Date(heldSinceMs).toISOString(),
  };
}
