import { answer } from '@dbem/http';
import { Controller, Get, Req, UnauthorizedException } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Principal } from './principal';
import { Requires } from './requires.decorator';

@ApiTags('me')
@Requires('viewer')
@Controller('admin/v1/me')
export class MeController {
  @ApiOperation({ summary: 'Show the caller', description: 'The caller’s name and role.' })
  @Get()
  @ApiOkResponse(answer(Principal))
  get(@Req() { principal }: Request): Principal {
    if (principal === undefined) throw new UnauthorizedException();
    return principal;
  }
}
