import { answer, answerPageOf, cursorOf, type Page } from '@dbem/http';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpStatus,
  NotFoundException,
  Param,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { DiscardDto, DryRunDto, ParkedQueryDto, RedriveQueryDto } from './parked.dto';
import { ParkedService } from './parked.service';
import { ParkedEventDetailDto, ParkedEventDto, toParkedEventDetailDto, toParkedEventDto } from './parked-event.dto';
import { RedrivenDto, toRedrivenDto } from './redriven.dto';

/** Each call reads whole queues: meant for people, not for polling. */
@ApiTags('parked')
@ApiBearerAuth()
@Controller('admin/v1/parked')
export class ParkedController {
  constructor(private readonly parked: ParkedService) {}

  @ApiOperation({ summary: 'List parked events', description: 'By service, then by the time of the last failure.' })
  @Get()
  @ApiOkResponse(answer(answerPageOf(ParkedEventDto)))
  async list(@Query() { service, limit, after, ...criteria }: ParkedQueryDto): Promise<Page<ParkedEventDto>> {
    const cursor = cursorOf(after, 3);
    const from = cursor && ([cursor[0] ?? '', Number(cursor[1]), cursor[2] ?? ''] as const);
    const { items, next } = await this.parked.list(service, criteria, limit, from);
    return {
      items: items.map(toParkedEventDto),
      ...(next !== undefined && { next: Buffer.from(JSON.stringify(next.map(String))).toString('base64url') }),
    };
  }

  @ApiOperation({ summary: 'Show a parked event' })
  @Get(':service/:id')
  @ApiOkResponse(answer(ParkedEventDetailDto))
  async get(@Param('service') service: string, @Param('id') id: string): Promise<ParkedEventDetailDto> {
    return toParkedEventDetailDto((await this.parked.find(service, id)) ?? missing(service, id));
  }

  @ApiOperation({
    summary: 'Redrive parked events',
    description:
      'Sends all matching events back to the queue that they came from. A dry run makes the service apply each event, including ' +
      'its handlers, in a transaction that is rolled back, and returns the result.',
  })
  @Post(':service/redrive')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse(answer(RedrivenDto))
  async redriveAll(
    @Param('service') service: string,
    @Query() { dryRun, ...criteria }: RedriveQueryDto,
  ): Promise<RedrivenDto> {
    if (dryRun === 'true') return toRedrivenDto(await this.parked.plan(service, criteria));
    const { redriven, failed, failure } = await this.parked.redrive(service, criteria);
    return { redriven, failed, ...(failure !== undefined && { failure: failure.message }) };
  }

  @ApiOperation({
    summary: 'Redrive one parked event',
    description: 'Sends the event back to the queue that it came from and resets its retries.',
  })
  @Post(':service/:id/redrive')
  @ApiOkResponse(answer(RedrivenDto, 'Result of a dry run.'))
  @ApiNoContentResponse()
  async redrive(
    @Param('service') service: string,
    @Param('id') id: string,
    @Query() { dryRun }: DryRunDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RedrivenDto | undefined> {
    if (dryRun === 'true') {
      const plan = await this.parked.plan(service, {}, id);
      if (plan.items.length === 0) missing(service, id);
      response.status(HttpStatus.OK);
      return toRedrivenDto(plan);
    }
    response.status(HttpStatus.NO_CONTENT);
    const { redriven, failure } = await this.parked.redrive(service, {}, id);
    if (failure !== undefined) throw failure;
    if (redriven === 0) missing(service, id);
    return undefined;
  }

  @ApiOperation({ summary: 'Discard a parked event', description: 'Deletes the event permanently.' })
  @Post(':service/:id/discard')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  async discard(
    @Param('service') service: string,
    @Param('id') id: string,
    @Body() { reason }: DiscardDto,
  ): Promise<void> {
    if (!(await this.parked.discard(service, id, reason))) missing(service, id);
  }
}

function missing(service: string, id: string): never {
  throw new NotFoundException(`"${service.slice(0, 64)}" has no parked event with the id "${id.slice(0, 64)}".`);
}
