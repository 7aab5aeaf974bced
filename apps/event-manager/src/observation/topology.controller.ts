import { answer, refTo } from '@dbem/http';
import { Topology, TopologyChanges, TopologyFeed } from '@dbem/observation';
import { Controller, Get, Req, Res } from '@nestjs/common';
import {
  ApiExtension,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Requires } from '../access/requires.decorator';
import { EventStreams } from './stream/event-streams';

@ApiTags('topology')
@Requires('viewer')
@Controller('admin/v1')
export class TopologyController {
  constructor(
    private readonly feed: TopologyFeed,
    private readonly streams: EventStreams,
  ) {}

  @ApiOperation({
    summary: 'Show the topology',
    description:
      'All publishers, event managers, subscribers and subscriptions with their rates and states, as this manager knows them now.',
  })
  @Get('topology')
  @ApiOkResponse(answer(Topology))
  topology(): Topology {
    return this.feed.current();
  }

  @ApiOperation({
    summary: 'Follow the topology',
    description:
      'Streams the topology as server-sent events: first `topology` (TopologyDto), then `changes` (TopologyChangesDto) within two ' +
      'seconds of a change. Sends `end` when the credential is no longer valid (`unauthorized`) or the manager stops ' +
      '(`stopping`). Disconnects clients that read too slowly. Reconnect to get a new `topology`.',
  })
  @Get('live')
  @ApiExtension('x-events', { topology: refTo(Topology), changes: refTo(TopologyChanges) })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'Events `topology`, `changes` and `end`.', schema: { type: 'string' } })
  @ApiServiceUnavailableResponse({ description: 'Too many streams are open.' })
  live(@Req() request: Request, @Res() response: Response): void {
    const stream = this.streams.open(request, response, 'viewer');
    stream.send('topology', JSON.stringify(this.feed.current()));
    const stopListening = this.feed.listen((changes) => stream.send('changes', changes));
    stream.onClose(stopListening);
  }
}
