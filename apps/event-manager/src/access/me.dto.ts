import { ApiProperty } from '@nestjs/swagger';
import { ROLES, type Role } from './role';

export class MeDto {
  @ApiProperty({ description: 'The token’s name, or the subject at the identity provider.' })
  name!: string;

  @ApiProperty({ enum: ROLES })
  role!: Role;

  @ApiProperty({ enum: ['token', 'oidc'] })
  provedBy!: 'token' | 'oidc';
}
