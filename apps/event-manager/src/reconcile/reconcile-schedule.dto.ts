import { ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import { ApiProperty } from '@nestjs/swagger';
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

  @ApiProperty({ description: 'Interval between the starts of two runs.', example: 86_400 })
  @IsInt()
  @Min(1)
  @Max(MAX_INTERVAL_SECONDS)
  intervalSeconds!: number;
}
