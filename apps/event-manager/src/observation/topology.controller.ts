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
    summary: 'Show the whole system',
    description:
      'All publishers, event managers, subscribers and subscriptions, with what flows and how they are, as this manager knows it now.',
  })
  @Get('topology')
  @ApiOkResponse(answer(Topology))
  topology(): Topology {
    return this.feed.look();
  }

  @ApiOperation({
    summary: 'Follow the whole system',
    description:
      'The topology as it changes, as server-sent events: first `topology` (TopologyDto), then, within two seconds of a change, ' +
      '`changes` (TopologyChangesDto). Ends with `end` when the credential is not valid any more (`unauthorized`) or the manager ' +
      'stops (`stopping`); who reads too slowly is cut off. Come again for a new `topology`.',
  })
  @Get('live')
  @ApiExtension('x-events', { topology: refTo(Topology), changes: refTo(TopologyChanges) })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'Events `topology`, `changes` and `end`.', schema: { type: 'string' } })
  @ApiServiceUnavailableResponse({ description: 'Too many streams are open.' })
  live(@Req() request: Request, @Res() response: Response): void {
    const stream = this.streams.open(request, response, 'viewer');
    stream.send('topology', JSON.stringify(this.feed.look()));
    const leave = this.feed.listen((changes) => stream.send('changes', changes));
    stream.onClose(leave);
  }
}
