import { cursorOf, type Page, type PageQuery, toPage } from '@dbem/http';
import { Injectable } from '@nestjs/common';
import { Kysely } from 'kysely';
import type { DomainDetailsDto, DomainDto } from './domain.dto';
import type { DomainTable, DomainTables } from './domain-tables';

@Injectable()
export class DomainsRepository {
  constructor(private readonly db: Kysely<DomainTables>) {}

  async list({ limit, after }: PageQuery): Promise<Page<DomainDto>> {
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

  async find(domainId: string): Promise<DomainDetailsDto | undefined> {
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
    return row && { ...domainDtoOf(row), entityTypes, permissionTypes };
  }
}

function domainDtoOf({ domain_id, name, description }: DomainTable): DomainDto {
  return { id: domain_id, name, ...(description !== null && { description }) };
}
