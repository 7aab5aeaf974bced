import { answer } from '@dbem/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeferredEventListDto, DeferredEventQueryDto, toDeferredEventDto } from './deferred-event.dto';
import { EntityService } from './entity.service';

@ApiTags('deferred')
@ApiBearerAuth()
@Controller('admin/v1/deferred-events')
export class DeferredEventController {
  constructor(private readonly entities: EntityService) {}

  @ApiOperation({
    summary: 'List a service’s deferred events',
    description: 'The events that wait in a service until the changes they depend on are applied.',
  })
  @Get()
  @ApiOkResponse(answer(DeferredEventListDto))
  async list(@Query() { service, limit }: DeferredEventQueryDto): Promise<DeferredEventListDto> {
    const { total, items } = await this.entities.deferred(service, limit);
    return { total, items: items.map(toDeferredEventDto) };
  }
}
