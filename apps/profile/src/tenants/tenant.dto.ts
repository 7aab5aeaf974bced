import { GATEWAY_APPROVAL_STATUSES, type GatewayApprovalStatus } from '@dbem/entity-codec';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsIn, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

/** The fields that a PUT replaces. An omitted field is cleared. */
export class TenantDetailsDto {
  @ApiPropertyOptional({ enum: GATEWAY_APPROVAL_STATUSES, default: 'ACTIVE' })
  @IsOptional()
  @IsIn(GATEWAY_APPROVAL_STATUSES)
  gatewayApprovalStatus?: GatewayApprovalStatus;

  @ApiPropertyOptional({ example: 'SEAGrid' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  gatewayName?: string;

  @ApiPropertyOptional({ example: 'seagrid.example' })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  domain?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsEmail()
  emailAddress?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(50)
  gatewayAcronym?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  gatewayURL?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  gatewayPublicAbstract?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  gatewayAdminFirstName?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  gatewayAdminLastName?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsEmail()
  gatewayAdminEmail?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  requesterUsername?: string;
}

export class CreateTenantDto extends TenantDetailsDto {
  @ApiProperty({ example: 'seagrid' })
  @Length(1, 200)
  @Matches(/^[^\s@/]+$/, { message: 'gatewayId must not contain white space, "@" or "/"' })
  gatewayId!: string;
}

export class TenantDto extends TenantDetailsDto {
  @ApiProperty()
  gatewayId!: string;

  @ApiProperty({ description: 'ms since 1970' })
  requestCreationTime!: number;

  @ApiPropertyOptional({
    description: 'Returned by writes: send it as `X-Replication-Token` with a read that must include the change.',
  })
  replicationToken?: string;
}
