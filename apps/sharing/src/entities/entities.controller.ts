import { type Page, PageQuery, pageOf } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { EntitiesRepository } from './entities.repository';
import { EntityDto } from './entity.dto';

class EntityPageQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only entities of this user.' })
  @IsOptional()
  @IsString()
  ownerId?: string;
}

/** Shared entities are replicas of registry's projects, so they are read-only. */
@ApiTags('entities')
@ReadsYourWrites()
@Controller('domains/:domainId/entities')
export class EntitiesController {
  constructor(private readonly entities: EntitiesRepository) {}

  @ApiOperation({ summary: 'List a domain’s shared entities' })
  @Get()
  @ApiOkResponse({ type: pageOf(EntityDto) })
  list(@Param('domainId') domainId: string, @Query() { ownerId, ...page }: EntityPageQuery): Promise<Page<EntityDto>> {
    return this.entities.list(domainId, page, ownerId);
  }

  @ApiOperation({ summary: 'Show a shared entity' })
  @Get(':entityId')
  @ApiOkResponse({ type: EntityDto })
  @ApiNotFoundResponse()
  async get(@Param('domainId') domainId: string, @Param('entityId') entityId: string): Promise<EntityDto> {
    const entity = await this.entities.find(domainId, entityId);
    if (entity === undefined) throw new NotFoundException(`There is no entity "${entityId}" in "${domainId}".`);
    return entity;
  }
}
