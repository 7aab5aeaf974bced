import { Controller, Get, Req, UnauthorizedException } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { MeDto } from './me.dto';
import { Requires } from './requires.decorator';

@ApiTags('me')
@Requires('viewer')
@Controller('admin/v1/me')
export class MeController {
  @ApiOperation({ summary: 'Say who asks', description: 'Who asks, and which role that is.' })
  @Get()
  @ApiOkResponse({ type: MeDto })
  get(@Req() { principal }: Request): MeDto {
    if (principal === undefined) throw new UnauthorizedException();
    const { name, role, provedBy } = principal;
    return { name, role, provedBy };
  }
}
