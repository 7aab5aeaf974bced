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
    summary: 'Show the event rates of the last hour',
    description:
      'Of one subscription, one publisher, one subscriber, or all, as recorded by this manager since it started.',
  })
  @Get()
  @ApiOkResponse(answer(FlowColumns))
  get(@Query() { publisher, subscriber, minutes }: FlowQueryDto): FlowColumns {
    return this.flow.columns({ publisher, subscriber }, minutes, Date.now());
  }
}
