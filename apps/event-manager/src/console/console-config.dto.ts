import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class ConsoleOidcDto {
  @ApiProperty({ example: 'https://identity.example.org/realms/dbem' })
  issuer!: string;

  @ApiProperty({ description: 'Of a public client: authorization code with PKCE, no secret.' })
  clientId!: string;

  @ApiProperty({ type: [String], example: ['openid', 'profile'] })
  scopes!: string[];
}

export class ConsoleConfigDto {
  @ApiProperty({ description: 'The event manager’s version.', example: '0.1.0' })
  software!: string;

  @ApiPropertyOptional({
    type: ConsoleOidcDto,
    description: 'Left out: one can log in with an admin token only.',
  })
  oidc?: ConsoleOidcDto;
}
