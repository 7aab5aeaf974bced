import { ENTITY_TYPES } from '@dbem/db-event';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { EntityService } from '../entities/entity.service';
import { EntityKeyDto, EntityReportDto } from './dto/entity.dto';

@ApiTags('entities')
@ApiBearerAuth()
@Controller('admin/v1/entities')
export class EntitiesController {
  constructor(private readonly entities: EntityService) {}

  @ApiOperation({
    summary: 'Show where an entity stands',
    description: 'Where an entity stands: at its source, and in each service that is subscribed to such entities.',
  })
  @Get(':publisher/:entityType/:entityId')
  @ApiParam({ name: 'publisher', type: String, example: 'user.profile' })
  @ApiParam({ name: 'entityType', enum: ENTITY_TYPES })
  @ApiParam({ name: 'entityId', type: String, example: 'ada@seagrid' })
  @ApiOkResponse({ type: EntityReportDto })
  async get(@Param() key: EntityKeyDto): Promise<EntityReportDto> {
    return EntityReportDto.of(key, await this.entities.report(key));
  }
}
