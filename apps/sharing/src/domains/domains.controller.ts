import { type Page, PageQuery, pageOf } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainDetailsDto, DomainDto } from './domain.dto';
import { DomainsRepository } from './domains.repository';

/** Domains are replicas of tenants, so they are read-only. */
@ApiTags('domains')
@ReadsYourWrites()
@Controller('domains')
export class DomainsController {
  constructor(private readonly domains: DomainsRepository) {}

  @ApiOperation({ summary: 'List domains' })
  @Get()
  @ApiOkResponse({ type: pageOf(DomainDto) })
  list(@Query() page: PageQuery): Promise<Page<DomainDto>> {
    return this.domains.list(page);
  }

  @ApiOperation({ summary: 'Show a domain' })
  @Get(':domainId')
  @ApiOkResponse({ type: DomainDetailsDto })
  @ApiNotFoundResponse()
  async get(@Param('domainId') domainId: string): Promise<DomainDetailsDto> {
    const domain = await this.domains.find(domainId);
    if (domain === undefined) throw new NotFoundException(`There is no domain "${domainId}".`);
    return domain;
  }
}
