import { cursorOf, type Page, PageQuery, pageOf, toPage } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Kysely, type Selectable } from 'kysely';
import type { DomainTable, SharingTables } from '../database/sharing-tables';
import { DomainDetailsDto, DomainDto } from './domain.dto';

/** Domains are replicas of tenants: read only. */
@ApiTags('domains')
@ReadsYourWrites()
@Controller('domains')
export class DomainsController {
  constructor(private readonly db: Kysely<SharingTables>) {}

  @ApiOperation({ summary: 'List domains' })
  @Get()
  @ApiOkResponse({ type: pageOf(DomainDto) })
  async list(@Query() { limit, after }: PageQuery): Promise<Page<DomainDto>> {
    const [last] = cursorOf(after, 1) ?? [];
    const rows = await this.db
      .selectFrom('domain')
      .selectAll()
      .$if(last !== undefined, (query) => query.where('domain_id', '>', last as string))
      .orderBy('domain_id')
      .limit(limit + 1)
      .execute();
    return toPage(rows, limit, (row) => [row.domain_id], domainDtoOf);
  }

  @ApiOperation({ summary: 'Show a domain' })
  @Get(':domainId')
  @ApiOkResponse({ type: DomainDetailsDto })
  @ApiNotFoundResponse()
  async get(@Param('domainId') domainId: string): Promise<DomainDetailsDto> {
    const [row, entityTypes, permissionTypes] = await Promise.all([
      this.db.selectFrom('domain').selectAll().where('domain_id', '=', domainId).executeTakeFirst(),
      this.db
        .selectFrom('entity_type')
        .select(['entity_type_id as id', 'name'])
        .where('domain_id', '=', domainId)
        .orderBy('id')
        .execute(),
      this.db
        .selectFrom('permission_type')
        .select(['permission_type_id as id', 'name'])
        .where('domain_id', '=', domainId)
        .orderBy('id')
        .execute(),
    ]);
    if (row === undefined) throw new NotFoundException(`There is no domain "${domainId}".`);
    return { ...domainDtoOf(row), entityTypes, permissionTypes };
  }
}

function domainDtoOf({ domain_id, name, description }: Selectable<DomainTable>): DomainDto {
  return { id: domain_id, name, ...(description !== null && { description }) };
}
