import { answer, answerPageOf, type Page, pageOfSorted } from '@dbem/http';
import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { RouteReceipt } from './route-receipt';
import { RouteReceipts } from './route-receipts';
import { PutSubscriptionDto, RemoveSubscriptionDto, SubscriptionFilterDto } from './subscription.dto';
import { SubscriptionService } from './subscription.service';
import { SubscriptionDeliveries } from './subscription-deliveries';
import { SubscriptionRemovals } from './subscription-removals';
import { SubscriptionView, subscriptionView } from './subscription-view';

@ApiTags('subscriptions')
@ApiBearerAuth()
@Controller('admin/v1/subscriptions')
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly deliveries: SubscriptionDeliveries,
    private readonly removals: SubscriptionRemovals,
    private readonly receipts: RouteReceipts,
  ) {}

  @ApiOperation({ summary: 'List subscriptions' })
  @Get()
  @ApiOkResponse(answer(answerPageOf(SubscriptionView)))
  list(@Query() { limit, after, ...filter }: SubscriptionFilterDto): Page<SubscriptionView> {
    return pageOfSorted(
      this.subscriptions.list(filter),
      { limit, after },
      ({ publisher, subscriber }) => [publisher, subscriber],
      subscriptionView,
    );
  }

  @ApiOperation({
    summary: 'Make a subscription, or narrow it',
    description: 'Answers when every live manager routes by the subscription.',
  })
  @Put(':publisher/:subscriber')
  @ApiOkResponse(answer(SubscriptionView, 'It existed; it is as asked for now.'))
  @ApiCreatedResponse(answer(SubscriptionView))
  async put(
    @Param('publisher') publisher: string,
    @Param('subscriber') subscriber: string,
    @Body() { entityTypes }: PutSubscriptionDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SubscriptionView> {
    const present = this.subscriptions.find(publisher, subscriber);
    const outcome = await this.subscriptions.put({ ...present, publisher, subscriber, entityTypes });
    response.status(outcome === 'created' ? HttpStatus.CREATED : HttpStatus.OK);
    return subscriptionView({ ...present, publisher, subscriber, entityTypes });
  }

  @ApiOperation({
    summary: 'Pause a subscription',
    description:
      'Its events wait from now on, in a queue of their own, until it is resumed. Answers when every live manager does so.',
  })
  @Post(':publisher/:subscriber/pause')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse(answer(SubscriptionView))
  @ApiNotFoundResponse()
  async pause(
    @Param('publisher') publisher: string,
    @Param('subscriber') subscriber: string,
  ): Promise<SubscriptionView> {
    return subscriptionView(await this.deliveries.pause(publisher, subscriber));
  }

  @ApiOperation({
    summary: 'Resume a subscription',
    description:
      'The events that wait are moved on to the service, in their order, then those that come after them. Answers when that has begun; the subscription shows no `delivery` any more when it is done.',
  })
  @Post(':publisher/:subscriber/resume')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse(answer(SubscriptionView))
  @ApiNotFoundResponse()
  async resume(
    @Param('publisher') publisher: string,
    @Param('subscriber') subscriber: string,
  ): Promise<SubscriptionView> {
    return subscriptionView(await this.deliveries.resume(publisher, subscriber));
  }

  @ApiOperation({
    summary: 'Show where a subscription’s events go',
    description:
      'The map, the broker’s queues and bindings, compared. What is missing and can be made again is made again first.',
  })
  @Get(':publisher/:subscriber/receipt')
  @ApiOkResponse(answer(RouteReceipt))
  @ApiNotFoundResponse()
  receipt(@Param('publisher') publisher: string, @Param('subscriber') subscriber: string): Promise<RouteReceipt> {
    return this.receipts.of(publisher, subscriber);
  }

  @ApiOperation({
    summary: 'End a subscription',
    description: 'Answers when no live manager routes by the subscription any more.',
  })
  @Delete(':publisher/:subscriber')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  @ApiNotFoundResponse()
  @ApiConflictResponse()
  async remove(
    @Param('publisher') publisher: string,
    @Param('subscriber') subscriber: string,
    @Query() { queue = 'keep' }: RemoveSubscriptionDto,
  ): Promise<void> {
    await this.removals.remove(publisher, subscriber, queue);
  }
}
