import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, MaxLength } from 'class-validator';

/** The fields that a PUT replaces. */
export class ProjectDetailsDto {
  @ApiProperty({ example: 'Benzene' })
  @IsString()
  @Length(1, 200)
  name!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  description?: string;
}

export class CreateProjectDto extends ProjectDetailsDto {
  @ApiProperty({ example: 'ada', description: 'A user id of the gateway.' })
  @IsString()
  @Length(1, 200)
  owner!: string;
}

export class ProjectDto extends CreateProjectDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'seagrid' })
  gatewayId!: string;

  @ApiProperty({ description: 'ms since 1970' })
  creationTime!: number;

  @ApiPropertyOptional({
    description: 'Returned by writes: send it as `X-Replication-Token` with a read that must include the change.',
  })
  replicationToken?: string;
}
