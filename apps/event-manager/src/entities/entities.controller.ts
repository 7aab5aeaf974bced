import { ENTITY_TYPES } from '@dbem/db-event';
import { answer } from '@dbem/http';
import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { mayActAs } from '../access/role';
import { EntityService } from './entity.service';
import { EntityKeyDto } from './entity-key.dto';
import { EntityReportDto, toEntityReportDto } from './entity-report.dto';

@ApiTags('entities')
@ApiBearerAuth()
@Controller('admin/v1/entities')
export class EntitiesController {
  constructor(private readonly entities: EntityService) {}

  @ApiOperation({
    summary: 'Show the state of an entity',
    description:
      'The state of an entity at its source and in each service that subscribes to its entity type. All roles see which fields ' +
      'differ; only operators and admins see their values.',
  })
  @Get(':publisher/:entityType/:entityId')
  @ApiParam({ name: 'publisher', type: String, example: 'user.profile' })
  @ApiParam({ name: 'entityType', enum: ENTITY_TYPES })
  @ApiParam({ name: 'entityId', type: String, example: 'ada@seagrid' })
  @ApiOkResponse(answer(EntityReportDto))
  async get(@Param() key: EntityKeyDto, @Req() { principal }: Request): Promise<EntityReportDto> {
    const showsValues = principal !== undefined && mayActAs(principal.role, 'operator');
    return toEntityReportDto(key, await this.entities.report(key), showsValues);
  }
}
