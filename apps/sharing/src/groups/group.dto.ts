import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsOptional, IsString, Length, MaxLength } from 'class-validator';

/** The fields that a PUT replaces. */
export class GroupDetailsDto {
  @ApiProperty({ example: 'Chemists' })
  @IsString()
  @Length(1, 200)
  name!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  description?: string;

  @ApiProperty({ example: 'ada@seagrid', description: 'A user id, <userId>@<domain>.' })
  @IsString()
  @Length(1, 400)
  ownerId!: string;

  @ApiPropertyOptional({ type: [String], description: 'User ids.' })
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  members?: string[];

  @ApiPropertyOptional({ type: [String], description: 'User ids.' })
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  admins?: string[];
}

export class GroupDto extends GroupDetailsDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  domainId!: string;

  @ApiPropertyOptional({
    description: 'Returned by writes: send it as `X-Replication-Token` with a read that must include the change.',
  })
  replicationToken?: string;
}
