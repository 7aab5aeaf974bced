import { answer, Open } from '@dbem/http';
import { SOFTWARE_VERSION } from '@dbem/transport';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessConfig } from '../access/access.config';
import { ConsoleConfigDto } from './console-config.dto';

/** Open, because a user who wants to log in has no credential yet. */
@ApiTags('console')
@Open()
@Controller('console')
export class ConsoleConfigController {
  constructor(private readonly config: AccessConfig) {}

  @ApiOperation({ summary: 'Show the login configuration', description: 'How users log in to the web console.' })
  @Get('config.json')
  @Header('Cache-Control', 'no-cache')
  @ApiOkResponse(answer(ConsoleConfigDto))
  get(): ConsoleConfigDto {
    const { OIDC_ISSUER: issuer, OIDC_CONSOLE_CLIENT_ID: clientId, OIDC_CONSOLE_SCOPES: scopes } = this.config;
    return {
      software: SOFTWARE_VERSION,
      ...(issuer !== undefined && clientId !== undefined && { oidc: { issuer, clientId, scopes: scopes.split(' ') } }),
    };
  }
}
