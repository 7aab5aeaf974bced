import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class FlowQueryDto {
  @ApiPropertyOptional({ description: 'Only events of this publisher.' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  publisher?: string;

  @ApiPropertyOptional({ description: 'Only events for this service. Without publisher and subscriber: all events.' })
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
