import { ENTITY_TYPES, type EntityType } from '@dbem/db-event';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

export const RUN_KINDS = ['backfill', 'audit', 'repair'] as const;

export class RunOptionsDto {
  @ApiPropertyOptional({ default: 2_000, description: 'Maximum rows sent per second.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxRowsPerSecond?: number;

  @ApiPropertyOptional({ default: 1_000, description: 'Nothing is sent while more messages wait for the subscriber.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxQueueDepth?: number;

  @ApiPropertyOptional({
    default: 5_000,
    description: 'Delay before a difference is verified, ms: a change may still be on its way.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(600_000)
  verifyAfterMs?: number;
}

export class PostRunDto extends RunOptionsDto {
  @ApiProperty({ example: 'user.profile' })
  @IsString()
  publisher!: string;

  @ApiProperty({ example: 'sharing' })
  @IsString()
  subscriber!: string;

  @ApiProperty({ enum: ENTITY_TYPES })
  @IsIn(ENTITY_TYPES)
  entityType!: EntityType;

  @ApiProperty({
    enum: RUN_KINDS,
    description: 'audit: only reports differences. repair: fixes them. backfill: repairs an empty replica.',
  })
  @IsIn(RUN_KINDS)
  kind!: (typeof RUN_KINDS)[number];
}
