import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class GatewayDto {
  @ApiProperty({ example: 'seagrid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiPropertyOptional()
  domain?: string;

  @ApiPropertyOptional()
  emailAddress?: string;

  @ApiProperty({ example: 'ACTIVE' })
  approvalStatus!: string;
}
