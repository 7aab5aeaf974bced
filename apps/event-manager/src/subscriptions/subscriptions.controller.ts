import type { Subscription } from '@dbem/db-event';
import { answer, answerPageOf, type Page, pageOfSorted } from '@dbem/http';
import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
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
import type { Request, Response } from 'express';
import type { Principal } from '../access/principal';
import { EventForwarder } from '../forwarding/event-forwarder';
import { RouteReceipt } from './route-receipt';
import { RouteReceipts } from './route-receipts';
import {
  PutSubscriptionDto,
  RemoveSubscriptionDto,
  ResumeSubscriptionDto,
  SubscriptionFilterDto,
} from './subscription.dto';
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
    private readonly forwarder: EventForwarder,
  ) {}

  @ApiOperation({ summary: 'List subscriptions' })
  @Get()
  @ApiOkResponse(answer(answerPageOf(SubscriptionView)))
  list(@Query() { limit, after, ...filter }: SubscriptionFilterDto): Page<SubscriptionView> {
    return pageOfSorted(
      this.subscriptions.list(filter),
      { limit, after },
      ({ publisher, subscriber }) => [publisher, subscriber],
      (subscription) => this.view(subscription),
    );
  }

  @ApiOperation({
    summary: 'Create or change a subscription',
    description: 'Responds when every live manager routes by the subscription.',
  })
  @Put(':publisher/:subscriber')
  @ApiOkResponse(answer(SubscriptionView, 'The subscription existed and has been updated.'))
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
    return this.view({ ...present, publisher, subscriber, entityTypes });
  }

  @ApiOperation({
    summary: 'Pause a subscription',
    description:
      'Events wait in a separate queue until the subscription is resumed by everybody who has paused it. Responds when every live manager routes accordingly.',
  })
  @Post(':publisher/:subscriber/pause')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse(answer(SubscriptionView))
  @ApiNotFoundResponse()
  async pause(
    @Param('publisher') publisher: string,
    @Param('subscriber') subscriber: string,
    @Req() { principal }: Request,
  ): Promise<SubscriptionView> {
    return this.view(await this.deliveries.pause(publisher, subscriber, nameOf(principal)));
  }

  @ApiOperation({
    summary: 'Resume a subscription',
    description:
      'Ends the caller’s pause, or that of `by`. When nobody’s pause is left, new events are routed to the service again, and those that waited are moved there; that is done when the subscription has no `delivery` any more.',
  })
  @Post(':publisher/:subscriber/resume')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse(answer(SubscriptionView))
  @ApiNotFoundResponse()
  @ApiConflictResponse({ description: 'Only others have paused it.' })
  async resume(
    @Param('publisher') publisher: string,
    @Param('subscriber') subscriber: string,
    @Query() { by }: ResumeSubscriptionDto,
    @Req() { principal }: Request,
  ): Promise<SubscriptionView> {
    return this.view(await this.deliveries.resume(publisher, subscriber, by ?? nameOf(principal)));
  }

  @ApiOperation({
    summary: 'Check the route of a subscription',
    description:
      'Compares the map with the broker’s queues and bindings. First declares missing queues and bindings, where possible.',
  })
  @Get(':publisher/:subscriber/receipt')
  @ApiOkResponse(answer(RouteReceipt))
  @ApiNotFoundResponse()
  receipt(@Param('publisher') publisher: string, @Param('subscriber') subscriber: string): Promise<RouteReceipt> {
    return this.receipts.of(publisher, subscriber);
  }

  @ApiOperation({
    summary: 'Delete a subscription',
    description: 'Responds when no live manager routes by the subscription any more.',
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

  private view(subscription: Subscription): SubscriptionView {
    const { publisher, subscriber } = subscription;
    return subscriptionView(subscription, this.forwarder.isDraining(publisher, subscriber));
  }
}

function nameOf(principal: Principal | undefined): string {
  return principal?.name ?? 'nobody';
}
