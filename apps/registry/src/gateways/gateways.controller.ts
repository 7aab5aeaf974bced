import { type Page, PageQuery, pageOf } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GatewayDto } from './gateway.dto';
import { GatewaysRepository } from './gateways.repository';

/** Gateways are replicas of tenants, so they are read-only. */
@ApiTags('gateways')
@ReadsYourWrites()
@Controller('gateways')
export class GatewaysController {
  constructor(private readonly gateways: GatewaysRepository) {}

  @ApiOperation({ summary: 'List gateways' })
  @Get()
  @ApiOkResponse({ type: pageOf(GatewayDto) })
  list(@Query() page: PageQuery): Promise<Page<GatewayDto>> {
    return this.gateways.list(page);
  }

  @ApiOperation({ summary: 'Show a gateway' })
  @Get(':gatewayId')
  @ApiOkResponse({ type: GatewayDto })
  @ApiNotFoundResponse()
  async get(@Param('gatewayId') gatewayId: string): Promise<GatewayDto> {
    const gateway = await this.gateways.find(gatewayId);
    if (gateway === undefined) throw new NotFoundException(`There is no gateway "${gatewayId}".`);
    return gateway;
  }
}
