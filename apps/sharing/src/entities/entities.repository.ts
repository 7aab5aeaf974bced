import { cursorOf, type Page, type PageQuery, toPage } from '@dbem/http';
import { Injectable } from '@nestjs/common';
import { Kysely } from 'kysely';
import type { EntityDto } from './entity.dto';
import type { EntityTable, EntityTables } from './entity-tables';

@Injectable()
export class EntitiesRepository {
  constructor(private readonly db: Kysely<EntityTables>) {}

  async list(domainId: string, { limit, after }: PageQuery, ownerId?: string): Promise<Page<EntityDto>> {
    const [last] = cursorOf(after, 1) ?? [];
    const rows = await this.db
      .selectFrom('entity')
      .selectAll()
      .where('domain_id', '=', domainId)
      .$if(ownerId !== undefined, (query) => query.where('owner_id', '=', ownerId as string))
      .$if(last !== undefined, (query) => query.where('entity_id', '>', last as string))
      .orderBy('entity_id')
      .limit(limit + 1)
      .execute();
    return toPage(rows, limit, (row) => [row.entity_id], entityDtoOf);
  }

  async find(domainId: string, entityId: string): Promise<EntityDto | undefined> {
    const row = await this.db
      .selectFrom('entity')
      .selectAll()
      .where('domain_id', '=', domainId)
      .where('entity_id', '=', entityId)
      .executeTakeFirst();
    return row && entityDtoOf(row);
  }
}

function entityDtoOf(row: EntityTable): EntityDto {
  return {
    id: row.entity_id,
    domainId: row.domain_id,
    entityTypeId: row.entity_type_id,
    ownerId: row.owner_id,
    name: row.name,
    ...(row.description !== null && { description: row.description }),
  };
}
