import { USER_STATES, type UserState } from '@dbem/entity-codec';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  Min,
} from 'class-validator';

/** The id is used in URLs and, as `<userId>@<gatewayId>`, on the wire. */
const ID = /^[^\s@/]+$/;

/** The fields that a PUT replaces. An omitted field is cleared. */
export class UserDetailsDto {
  @ApiProperty({ example: 'Ada' })
  @IsString()
  @Length(1, 200)
  firstName!: string;

  @ApiProperty({ example: 'Lovelace' })
  @IsString()
  @Length(1, 200)
  lastName!: string;

  @ApiProperty({ type: [String], example: ['ada@example.org'] })
  @IsArray()
  @ArrayMaxSize(20)
  @IsEmail({}, { each: true })
  emails!: string[];

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  middleName?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(50)
  namePrefix?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(50)
  nameSuffix?: string;

  @ApiPropertyOptional({ example: '0000-0002-1825-0097' })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  orcidId?: string;

  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsString({ each: true })
  @ArrayMaxSize(20)
  phones?: string[];

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  country?: string;

  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsString({ each: true })
  @ArrayMaxSize(20)
  nationality?: string[];

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  homeOrganization?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  originationAffiliation?: string;

  @ApiPropertyOptional({ enum: USER_STATES, default: 'ACTIVE' })
  @IsOptional()
  @IsIn(USER_STATES)
  state?: UserState;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  comments?: string;

  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsString({ each: true })
  @ArrayMaxSize(20)
  labeledURI?: string[];

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  gpgKey?: string;

  @ApiPropertyOptional({ example: 'Europe/London' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  timeZone?: string;

  @ApiPropertyOptional({ description: 'Until when the user may log in, ms since 1970; 0: without limit. Default: 0.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  validUntil?: number;
}

export class CreateUserDto extends UserDetailsDto {
  @ApiProperty({ example: 'ada' })
  @Length(1, 200)
  @Matches(ID, { message: 'userId must not contain white space, "@" or "/"' })
  userId!: string;

  @ApiProperty({ example: 'seagrid', description: 'The tenant.' })
  @Length(1, 200)
  @Matches(ID, { message: 'gatewayId must not contain white space, "@" or "/"' })
  gatewayId!: string;
}

export class UserDto extends UserDetailsDto {
  @ApiProperty()
  userId!: string;

  @ApiProperty()
  gatewayId!: string;

  @ApiProperty({ description: 'ms since 1970' })
  creationTime!: number;

  @ApiProperty({ description: 'ms since 1970' })
  lastAccessTime!: number;

  @ApiPropertyOptional({
    description: 'Returned by writes: send it as `X-Replication-Token` with a read that must include the change.',
  })
  replicationToken?: string;
}
