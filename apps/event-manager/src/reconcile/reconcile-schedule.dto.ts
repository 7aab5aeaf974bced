import { ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import type { Schedule } from '@dbem/reconcile';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { RunOptionsDto } from './reconcile.dto';

const KINDS = ['audit', 'repair'] as const;
const MAX_INTERVAL_SECONDS = 366 * 24 * 3_600;

export class ScheduleKeyDto {
  @ApiProperty()
  @IsString()
  publisher!: string;

  @ApiProperty()
  @IsString()
  subscriber!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  @IsIn(ENTITY_TYPES)
  entityType!: EntityType;
}

export class PutScheduleDto extends RunOptionsDto {
  @ApiProperty({ enum: KINDS })
  @IsIn(KINDS)
  kind!: (typeof KINDS)[number];

  @ApiProperty({ description: 'From the start of one run to the start of the next.', example: 86_400 })
  @IsInt()
  @Min(1)
  @Max(MAX_INTERVAL_SECONDS)
  intervalSeconds!: number;
}

export class ScheduleDto {
  @ApiProperty()
  publisher!: string;

  @ApiProperty()
  subscriber!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  entityType!: EntityType;

  @ApiProperty({ enum: ['backfill', ...KINDS] })
  kind!: Schedule['kind'];

  @ApiProperty()
  intervalSeconds!: number;

  @ApiProperty({ type: RunOptionsDto })
  options!: RunOptionsDto;

  @ApiPropertyOptional({ format: 'date-time', description: 'Left out: it has not started yet.' })
  lastStartedAt?: string;

  static of({ publisher, subscriber, entityType, kind, intervalMs, options, lastStartedAtMs }: Schedule): ScheduleDto {
    return {
      publisher,
      subscriber,
      entityType,
      kind,
      intervalSeconds: intervalMs / 1_000,
      options: options ?? {},
      ...(lastStartedAtMs !== null && { lastStartedAt: new Date(lastStartedAtMs).toISOString() }),
    };
  }
}

export class ScheduleListDto {
  @ApiProperty({ type: [ScheduleDto] })
  items!: ScheduleDto[];
}
