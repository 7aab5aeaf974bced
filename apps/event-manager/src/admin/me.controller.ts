import { Controller, Get, Req, UnauthorizedException } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Requires } from './access/requires.decorator';
import { MeDto } from './dto/me.dto';

@ApiTags('me')
@Requires('viewer')
@Controller('admin/v1/me')
export class MeController {
  /** Who asks, and which role that is. */
  @Get()
  @ApiOkResponse({ type: MeDto })
  get(@Req() { principal }: Request): MeDto {
    if (principal === undefined) throw new UnauthorizedException();
    const { name, role, provedBy } = principal;
    return { name, role, provedBy };
  }
}
