import { ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import type { DeferredEventSummary } from '@dbem/transport';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { z } from 'zod';

export class DeferredEventQueryDto {
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

export const DeferredEventDto = z
  .object({
    publisher: z.string().meta({ example: 'registry' }),
    entityType: z.enum(ENTITY_TYPES),
    entityId: z.string(),
    version: z.string().describe('A decimal number.'),
    waitsFor: AwaitedDto.describe('A change that it waits for; there may be more.'),
    deferredSince: z.iso.datetime(),
    attempts: z.number().describe('How often it had failed before it was deferred.'),
  })
  .meta({ id: 'DeferredEventDto' });

export type DeferredEventDto = DeepReadonly<z.infer<typeof DeferredEventDto>>;

export const DeferredEventListDto = z
  .object({
    total: z.number().describe('How many the service holds in all.'),
    items: z.array(DeferredEventDto).describe('Those that have waited longest.'),
  })
  .meta({ id: 'DeferredEventListDto' });

export type DeferredEventListDto = DeepReadonly<z.infer<typeof DeferredEventListDto>>;

export function toDeferredEventDto({
  waitsFor: { version, ...awaited },
  deferredSinceMs,
  ...event
}: DeferredEventSummary): DeferredEventDto {
  return {
    ...event,
    waitsFor: { ...awaited, ...(version !== null && { version }) },
    deferredSince: new Date(deferredSinceMs).toISOString(),
  };
}
