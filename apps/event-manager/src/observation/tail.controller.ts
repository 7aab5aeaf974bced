import { refTo } from '@dbem/http';
import { SkippedEvents, Tail, TappedEvent } from '@dbem/observation';
import { Controller, ForbiddenException, Get, Query, Req, Res } from '@nestjs/common';
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
import { mayActAs, type Role } from '../access/role';
import type { EventStream } from './stream/event-stream';
import { EventStreams } from './stream/event-streams';
import { TailQueryDto } from './tail.dto';

@ApiTags('tail')
@Requires('viewer')
@Controller('admin/v1/events')
export class TailController {
  constructor(
    private readonly tail: Tail,
    private readonly streams: EventStreams,
  ) {}

  @ApiOperation({
    summary: 'Follow events',
    description:
      'Streams the events that event managers forward, as server-sent events: `event` (TappedEventDto), at most 50 per second, ' +
      'and `skipped` (SkippedEventsDto), the number of events above that limit. Heartbeats are not included. Ends like the live ' +
      'topology. A viewer sees which entities change; an operator can also see their content (`content=true`).',
  })
  @Get('tail')
  @ApiExtension('x-events', { event: refTo(TappedEvent), skipped: refTo(SkippedEvents) })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'Events `event`, `skipped` and `end`.', schema: { type: 'string' } })
  @ApiServiceUnavailableResponse({ description: 'Too many streams are open.' })
  follow(@Query() { content, ...filter }: TailQueryDto, @Req() request: Request, @Res() response: Response): void {
    const withContent = content === 'true';
    const role: Role = withContent ? 'operator' : 'viewer';
    if (!mayActAs(request.principal?.role ?? 'viewer', role)) {
      throw new ForbiddenException('`content=true` requires the role operator.');
    }
    let stream: EventStream | undefined;
    const stopWatching = this.tail.watch(
      { filter, withContent },
      {
        event: (event) => stream?.send('event', JSON.stringify(event)),
        skipped: (count) => stream?.send('skipped', JSON.stringify({ count })),
        ended: () => stream?.end('stopping'),
      },
    );
    try {
      stream = this.streams.open(request, response, role);
    } catch (error) {
      stopWatching();
      throw error;
    }
    stream.onClose(stopWatching);
  }
}
