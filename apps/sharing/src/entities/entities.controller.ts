import { cursorOf, type Page, PageQuery, pageOf, toPage } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { Kysely, type Selectable } from 'kysely';
import type { EntityTable, SharingTables } from '../database/sharing-tables';
import { EntityDto } from './entity.dto';

class EntityPageQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only what belongs to this user.' })
  @IsOptional()
  @IsString()
  ownerId?: string;
}

/** Shared entities are replicas of registry's projects: read only. */
@ApiTags('entities')
@ReadsYourWrites()
@Controller('domains/:domainId/entities')
export class EntitiesController {
  constructor(private readonly db: Kysely<SharingTables>) {}

  @ApiOperation({ summary: 'List a domain’s shared entities' })
  @Get()
  @ApiOkResponse({ type: pageOf(EntityDto) })
  async list(
    @Param('domainId') domainId: string,
    @Query() { limit, after, ownerId }: EntityPageQuery,
  ): Promise<Page<EntityDto>> {
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

  @ApiOperation({ summary: 'Show a shared entity' })
  @Get(':entityId')
  @ApiOkResponse({ type: EntityDto })
  @ApiNotFoundResponse()
  async get(@Param('domainId') domainId: string, @Param('entityId') entityId: string): Promise<EntityDto> {
    const row = await this.db
      .selectFrom('entity')
      .selectAll()
      .where('domain_id', '=', domainId)
      .where('entity_id', '=', entityId)
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundException(`There is no entity "${entityId}" in "${domainId}".`);
    return entityDtoOf(row);
  }
}

function entityDtoOf(row: Selectable<EntityTable>): EntityDto {
  return {
    id: row.entity_id,
    domainId: row.domain_id,
    entityTypeId: row.entity_type_id,
    ownerId: row.owner_id,
    name: row.name,
    ...(row.description !== null && { description: row.description }),
  };
}
