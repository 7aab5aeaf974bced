import { answer } from '@dbem/http';
import { FlowColumns, FlowRecorder } from '@dbem/observation';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../access/requires.decorator';
import { FlowQueryDto } from './flow.dto';

@ApiTags('flow')
@Requires('viewer')
@Controller('admin/v1/flow')
export class FlowController {
  constructor(private readonly flow: FlowRecorder) {}

  @ApiOperation({
    summary: 'Show what flowed in the last hour',
    description:
      'Along one subscription, from one publisher, to one subscriber, or in all, as far as this manager has known it since its start.',
  })
  @Get()
  @ApiOkResponse(answer(FlowColumns))
  get(@Query() { publisher, subscriber, minutes }: FlowQueryDto): FlowColumns {
    return this.flow.columns({ publisher, subscriber }, minutes, Date.now());
  }
}
