import { type Page, PageQuery, pageOf } from '@dbem/http';
import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CreateTenantDto, TenantDetailsDto, TenantDto } from './tenant.dto';
import { TenantsService } from './tenants.service';

@ApiTags('tenants')
@Controller('tenants')
export class TenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @ApiOperation({ summary: 'List tenants' })
  @Get()
  @ApiOkResponse({ type: pageOf(TenantDto) })
  list(@Query() page: PageQuery): Promise<Page<TenantDto>> {
    return this.tenants.list(page);
  }

  @ApiOperation({ summary: 'Create a tenant' })
  @Post()
  @ApiCreatedResponse({ type: TenantDto })
  @ApiConflictResponse()
  create(@Body() tenant: CreateTenantDto): Promise<TenantDto> {
    return this.tenants.create(tenant);
  }

  @ApiOperation({ summary: 'Show a tenant' })
  @Get(':gatewayId')
  @ApiOkResponse({ type: TenantDto })
  @ApiNotFoundResponse()
  get(@Param('gatewayId') gatewayId: string): Promise<TenantDto> {
    return this.tenants.get(gatewayId);
  }

  @ApiOperation({ summary: 'Replace a tenant', description: 'Replaces the tenant’s details.' })
  @Put(':gatewayId')
  @ApiOkResponse({ type: TenantDto })
  @ApiNotFoundResponse()
  replace(@Param('gatewayId') gatewayId: string, @Body() details: TenantDetailsDto): Promise<TenantDto> {
    return this.tenants.replace(gatewayId, details);
  }

  @ApiOperation({ summary: 'Delete a tenant' })
  @Delete(':gatewayId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  @ApiNotFoundResponse()
  async delete(@Param('gatewayId') gatewayId: string): Promise<void> {
    await this.tenants.delete(gatewayId);
  }
}
