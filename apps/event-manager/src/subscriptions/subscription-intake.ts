import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { decodeMessage, type SubscriptionRequest } from '@dbem/entity-codec';
import { checkpoint, Log } from '@dbem/runtime';
import {
  type BatchHandler,
  Broker,
  CONTROL_QUEUE,
  type Consumption,
  type Delivery,
  MANAGER_ROUTING_KEY,
  PARKING_HEADERS,
  parkedMessage,
  retriedMessage,
} from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { AuditRecord } from '../audit/audit-entry';
import { AuditTrail } from '../audit/audit-trail';
import { Replier } from '../intake/replier';
import { Attachments } from '../intake/topology/attachments';
import { SubscriptionService } from './subscription.service';

const REQUESTS_IN_FLIGHT = 8;

/**
 * Takes requests to subscribe and to unsubscribe from the control queue.
 *
 * A request that can't be carried out now (ZooKeeper away, say) is refused if its sender waits for an answer: it asks
 * again. A sender that waits for none (an old service) would never ask again, so its request comes back from a retry
 * level until it succeeds.
 */
@Injectable()
export class SubscriptionIntake implements Lifecycle {
  private consumption: Consumption | undefined;
  private isStopped = false;

  constructor(
    private readonly broker: Broker,
    private readonly subscriptions: SubscriptionService,
    private readonly replier: Replier,
    private readonly trail: AuditTrail,
    attachments: Attachments,
    private readonly log: Log,
  ) {
    attachments.add(() => this.consumption?.isAttached ?? false);
  }

  async start(): Promise<void> {
    if (this.isStopped) return;
    this.consumption ??= this.broker.consume(CONTROL_QUEUE, this.handle, {
      prefetch: REQUESTS_IN_FLIGHT,
      maxBatch: 1,
      maxBatchesInFlight: REQUESTS_IN_FLIGHT,
    });
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.consumption?.stop();
  }

  private readonly handle: BatchHandler = async (deliveries) => {
    for (const delivery of deliveries) await this.take(delivery);
  };

  private async take(delivery: Delivery): Promise<void> {
    try {
      const message = decodeMessage(delivery.body);
      if (message.kind !== 'subscription') {
        throw new DbEventError('MESSAGE_TYPE_UNKNOWN', 'the control queue takes requests for subscriptions only');
      }
      await this.carryOut(message.request, delivery);
      const { publisher, subscriber } = message.request;
      await this.replier.accept(delivery, [subscriber], this.subscriptions.lapsedSinceMs(publisher, subscriber));
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      await this.refuse(delivery, error);
    }
  }

  private async carryOut(request: SubscriptionRequest, delivery: Delivery): Promise<void> {
    const { action, publisher, subscriber, entityTypes, heartbeats } = request;
    const outcome =
      action === 'SUBSCRIBE'
        ? await this.subscriptions.put(
            { publisher, subscriber, entityTypes, heartbeats },
            {
              queueKind: request.declareQueue ? 'quorum' : 'classic',
              backfill: request.backfill,
              rebuiltSinceMs: request.rebuiltSinceMs,
            },
          )
        : await this.subscriptions.remove(publisher, subscriber);
    this.log.info({ action, publisher, subscriber, entityTypes, outcome }, 'carried out a request for a subscription');
    checkpoint('subscription.changed');
    // Services ask at each of their starts, mostly for what they have. But whoever took a request before that comes again may
    // have carried it out, and died before its entry.
    if ((outcome !== 'unchanged' && outcome !== 'absent') || delivery.redelivered)
      await this.trail.record(auditRecordOf(request, delivery, outcome));
  }

  private async refuse(delivery: Delivery, error: DbEventError): Promise<void> {
    this.log.warn({ code: error.code, reason: error.message }, 'could not carry out a request for a subscription');
    if (delivery.replyTo !== undefined) {
      await this.replier.reject(delivery, error);
    } else if (error.retryable) {
      await this.broker.publish(retriedMessage(delivery, CONTROL_QUEUE));
    } else {
      await this.broker.publish(parkedMessage(delivery, MANAGER_ROUTING_KEY, error));
    }
  }
}

/** The intake has checked the user, if it is told to, and put it into a header. */
function auditRecordOf(
  { action, publisher, subscriber, entityTypes }: SubscriptionRequest,
  { headers }: Delivery,
  outcome: string,
): AuditRecord {
  const userId = headers[PARKING_HEADERS.userId];
  const hasUser = typeof userId === 'string';
  return {
    who: { name: hasUser ? userId : subscriber, provedBy: hasUser ? 'broker user' : 'nothing' },
    action,
    target: { publisher, subscriber },
    ...(entityTypes !== undefined && { input: { entityTypes } }),
    result: 'done',
    outcome,
  };
}
