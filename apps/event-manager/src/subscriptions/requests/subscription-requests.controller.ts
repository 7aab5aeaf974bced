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

/** Executes subscription requests that arrive as messages, and replies if the client requested it. */
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
    const { publisher, subscriber, entityTypes, heartbeats, messageFormat, declareQueue, backfill, rebuiltSinceMs } =
      request;
    const outcome = await this.subscriptions.put(
      { publisher, subscriber, entityTypes, heartbeats, messageFormat },
      { queueKind: declareQueue ? 'quorum' : 'classic', backfill, rebuiltSinceMs },
    );
    await this.finish(request, delivery, outcome);
  }

  @MessagePattern(REQUEST_PATTERNS.UNSUBSCRIBE, SUBSCRIPTION_REQUESTS)
  async unsubscribe(@Payload() request: SubscriptionRequest, @Ctx() { delivery }: RequestContext): Promise<void> {
    const outcome = await this.subscriptions.remove(request.publisher, request.subscriber);
    await this.finish(request, delivery, outcome);
  }

  @MessagePattern(UNREADABLE, SUBSCRIPTION_REQUESTS)
  unreadable(@Payload() reason: unknown): never {
    throw reason;
  }

  private async finish(
    request: SubscriptionRequest,
    delivery: Delivery,
    outcome: PutOutcome | RemoveOutcome,
  ): Promise<void> {
    const { action, publisher, subscriber, entityTypes } = request;
    this.log.info({ action, publisher, subscriber, entityTypes, outcome }, 'subscription request succeeded');
    checkpoint('subscription.changed');
    // Services repeat their requests at each start, so requests without effect are not audited. A redelivered request
    // is: the manager that received it before may have executed it and died before it wrote the audit entry.
    if ((outcome !== 'unchanged' && outcome !== 'absent') || delivery.redelivered)
      await this.trail.record(auditRecordOf(request, delivery, outcome));
    this.replier.accept(delivery, [subscriber], this.subscriptions.expiredSinceMs(publisher, subscriber));
  }
}
