import type { FlowColumns } from '@dbem/observation';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const numbers = (description: string) =>
  ({ type: 'array', items: { type: 'number', nullable: true }, description }) as const;

export class FlowQueryDto {
  @ApiPropertyOptional({ description: 'Only what this publisher sends.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  publisher?: string;

  @ApiPropertyOptional({ description: 'Only what this service gets. Neither: everything.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  subscriber?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 60, default: 60 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(60)
  minutes = 60;
}

/** Columns of equal length, oldest first; null where nothing is known. */
export class FlowDto implements FlowColumns {
  @ApiProperty({ type: 'integer', description: 'Seconds from one point to the next.', example: 5 })
  stepS!: number;

  @ApiProperty({ type: [Number], description: 'When each point begins; seconds since 1970.' })
  at!: number[];

  @ApiProperty(numbers('Events that event managers sent on, a second.'))
  inPerS!: (number | null)[];

  @ApiProperty(numbers('Events that subscribers have settled, a second.'))
  outPerS!: (number | null)[];

  @ApiProperty(numbers('Median lag of what was applied.'))
  lagP50Ms!: (number | null)[];

  @ApiProperty(numbers('Lag that 99 of 100 applied events did not exceed.'))
  lagP99Ms!: (number | null)[];

  @ApiProperty(numbers('Messages in the work queues of the subscribers meant.'))
  depth!: (number | null)[];
}
