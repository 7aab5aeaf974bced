import type { SubscriptionRequest } from '@dbem/entity-codec';
import { checkpoint, Log } from '@dbem/runtime';
import type { PutOutcome, RemoveOutcome } from '@dbem/subscription-registry';
import { type Delivery, RequestContext, RequestTelemetryInterceptor } from '@dbem/transport';
import { Controller, UseFilters, UseInterceptors } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { ApiExcludeController } from '@nestjs/swagger';
import { AuditTrail } from '../../audit/audit-trail';
import { Replier } from '../../intake/replier';
import { SubscriptionService } from '../subscription.service';
import { auditRecordOf } from './audit-record-of';
import { REQUEST_PATTERNS, SUBSCRIPTION_REQUESTS, UNREADABLE } from './request-patterns';
import { SubscriptionRequestFailureFilter } from './subscription-request-failure.filter';

/** Carries out what services ask for by message, and answers those that wait for it. */
@Controller()
@ApiExcludeController()
@UseFilters(SubscriptionRequestFailureFilter)
@UseInterceptors(RequestTelemetryInterceptor)
export class SubscriptionRequestsController {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly replier: Replier,
    private readonly trail: AuditTrail,
    private readonly log: Log,
  ) {}

  @MessagePattern(REQUEST_PATTERNS.SUBSCRIBE, SUBSCRIPTION_REQUESTS)
  async subscribe(@Payload() request: SubscriptionRequest, @Ctx() { delivery }: RequestContext): Promise<void> {
    const { publisher, subscriber, entityTypes, heartbeats, declareQueue, backfill, rebuiltSinceMs } = request;
    const outcome = await this.subscriptions.put(
      { publisher, subscriber, entityTypes, heartbeats },
      { queueKind: declareQueue ? 'quorum' : 'classic', backfill, rebuiltSinceMs },
    );
    await this.carriedOut(request, delivery, outcome);
  }

  @MessagePattern(REQUEST_PATTERNS.UNSUBSCRIBE, SUBSCRIPTION_REQUESTS)
  async unsubscribe(@Payload() request: SubscriptionRequest, @Ctx() { delivery }: RequestContext): Promise<void> {
    const outcome = await this.subscriptions.remove(request.publisher, request.subscriber);
    await this.carriedOut(request, delivery, outcome);
  }

  @MessagePattern(UNREADABLE, SUBSCRIPTION_REQUESTS)
  unreadable(@Payload() reason: unknown): never {
    throw reason;
  }

  private async carriedOut(
    request: SubscriptionRequest,
    delivery: Delivery,
    outcome: PutOutcome | RemoveOutcome,
  ): Promise<void> {
    const { action, publisher, subscriber, entityTypes } = request;
    this.log.info({ action, publisher, subscriber, entityTypes, outcome }, 'carried out a request for a subscription');
    checkpoint('subscription.changed');
    // Services ask at each of their starts, mostly for what they have. But whoever took a request before that comes again may
    // have carried it out, and died before its entry.
    if ((outcome !== 'unchanged' && outcome !== 'absent') || delivery.redelivered)
      await this.trail.record(auditRecordOf(request, delivery, outcome));
    await this.replier.accept(delivery, [subscriber], this.subscriptions.expiredSinceMs(publisher, subscriber));
  }
}
