import { ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import type { DeferredEventSummary } from '@dbem/transport';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { z } from 'zod';

export class DeferredEventQueryDto {
  @ApiProperty({ example: 'sharing', description: 'The service whose deferred events are listed.' })
  @IsString()
  @Length(1, 200)
  service!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 500,
    default: 50,
    description: 'Maximum number of items.',
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
    version: z.string().optional().describe('Minimum version; a decimal number. Absent: any version.'),
  })
  .meta({ id: 'AwaitedDto' });

export const DeferredEventDto = z
  .object({
    publisher: z.string().meta({ example: 'registry' }),
    entityType: z.enum(ENTITY_TYPES),
    entityId: z.string(),
    version: z.string().describe('A decimal number.'),
    waitsFor: AwaitedDto.describe('A change that the event waits for; there may be more.'),
    deferredSince: z.iso.datetime(),
    attempts: z.number().describe('Failed attempts before the event was deferred.'),
  })
  .meta({ id: 'DeferredEventDto' });

export type DeferredEventDto = DeepReadonly<z.infer<typeof DeferredEventDto>>;

export const DeferredEventListDto = z
  .object({
    total: z.number().describe('Total number of the service’s deferred events.'),
    items: z.array(DeferredEventDto).describe('The events that have waited longest.'),
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
