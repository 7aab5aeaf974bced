import { cursorOf, type Page, PageQuery, pageOf, toPage } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Kysely, type Selectable } from 'kysely';
import type { GatewayTable, RegistryTables } from '../database/registry-tables';
import { GatewayDto } from './gateway.dto';

/** Gateways are replicas of tenants: read only. */
@ApiTags('gateways')
@ReadsYourWrites()
@Controller('gateways')
export class GatewaysController {
  constructor(private readonly db: Kysely<RegistryTables>) {}

  @ApiOperation({ summary: 'List gateways' })
  @Get()
  @ApiOkResponse({ type: pageOf(GatewayDto) })
  async list(@Query() { limit, after }: PageQuery): Promise<Page<GatewayDto>> {
    const [last] = cursorOf(after, 1) ?? [];
    const rows = await this.db
      .selectFrom('gateway')
      .selectAll()
      .$if(last !== undefined, (query) => query.where('gateway_id', '>', last as string))
      .orderBy('gateway_id')
      .limit(limit + 1)
      .execute();
    return toPage(rows, limit, (row) => [row.gateway_id], gatewayDtoOf);
  }

  @ApiOperation({ summary: 'Show a gateway' })
  @Get(':gatewayId')
  @ApiOkResponse({ type: GatewayDto })
  @ApiNotFoundResponse()
  async get(@Param('gatewayId') gatewayId: string): Promise<GatewayDto> {
    const row = await this.db.selectFrom('gateway').selectAll().where('gateway_id', '=', gatewayId).executeTakeFirst();
    if (row === undefined) throw new NotFoundException(`There is no gateway "${gatewayId}".`);
    return gatewayDtoOf(row);
  }
}

function gatewayDtoOf(row: Selectable<GatewayTable>): GatewayDto {
  return {
    id: row.gateway_id,
    name: row.name,
    approvalStatus: row.approval_status,
    ...(row.domain !== null && { domain: row.domain }),
    ...(row.email_address !== null && { emailAddress: row.email_address }),
  };
}
