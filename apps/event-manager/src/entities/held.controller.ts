import { answer } from '@dbem/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EntityService } from './entity.service';
import { HeldListDto, HeldQueryDto, toHeldEventDto } from './held.dto';

@ApiTags('held')
@ApiBearerAuth()
@Controller('admin/v1/held')
export class HeldController {
  constructor(private readonly entities: EntityService) {}

  @ApiOperation({
    summary: 'List what a service holds',
    description: 'The events that a service keeps until what they depend on is applied.',
  })
  @Get()
  @ApiOkResponse(answer(HeldListDto))
  async list(@Query() { service, limit }: HeldQueryDto): Promise<HeldListDto> {
    const { total, items } = await this.entities.held(service, limit);
    return { total, items: items.map(toHeldEventDto) };
  }
}
