import { randomUUID } from 'node:crypto';
import { type DbEvent, DbEventError, serviceNameFault } from '@dbem/db-event';
import { decodeMessage, type SubscriptionRequest } from '@dbem/entity-codec';
import { checkpoint, Log } from '@dbem/runtime';
import { startEventSpan, type TraceContext } from '@dbem/telemetry';
import {
  type BatchHandler,
  Broker,
  CONTROL_QUEUE,
  correlationOf,
  type Delivery,
  MANAGER_ROUTING_KEY,
  PARKING_HEADERS,
  parkedMessage,
  withoutParkingHeaders,
} from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { ForgedMessages } from '../access/identity/forged-messages';
import { Identities } from '../access/identity/identities';
import { EventForwarder } from './event-forwarder';
import { IntakeObserver } from './intake-observer.port';
import { Replier } from './replier';

/**
 * Processes the messages of the manager's queue. Acknowledges a message only when the broker has confirmed its
 * result: an event in every subscriber's queue, a subscription request in the control queue, an invalid message in
 * the parked queue. After a crash in between, the broker delivers the message again and it is processed from the
 * start.
 */
@Injectable()
export class Intake {
  constructor(
    private readonly broker: Broker,
    private readonly forwarder: EventForwarder,
    private readonly replier: Replier,
    private readonly identities: Identities,
    private readonly forgedMessages: ForgedMessages,
    private readonly observer: IntakeObserver,
    private readonly log: Log,
  ) {}

  readonly handle: BatchHandler = async (deliveries) => {
    const outcomes = await Promise.allSettled(deliveries.map((delivery) => this.process(delivery)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) {
      this.observer.returned(deliveries.length);
      throw failed.reason;
    }
  };

  private async process(received: Delivery): Promise<void> {
    // Legacy publishers set no message id, but the logs of an event are correlated by it.
    const delivery = received.messageId === undefined ? { ...received, messageId: randomUUID() } : received;
    let message: ReturnType<typeof decodeMessage> | undefined;
    try {
      message = decodeMessage(delivery.body);
      const content = message.kind === 'event' ? message.event : message.request;
      checkServiceNames(content);
      this.identities.check(content, this.identities.publisherOf(delivery));
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      await this.park(delivery, error);
      this.observer.parked(error.code, publisherIn(message));
      return;
    }
    if (message.kind === 'event') {
      const services = await this.forward(message.event, withoutParkingHeaders(delivery));
      if (delivery.replyTo === undefined) return;
      await this.replier.accept(delivery, services);
      this.observer.acknowledged(message.event.publisher, 'accepted');
    } else {
      await this.passToControl(delivery);
    }
  }

  private async forward(event: DbEvent, delivery: Delivery): Promise<readonly string[]> {
    const arrivedAtMs = performance.now();
    this.observer.received(event);
    const span = startEventSpan(delivery.headers, {
      name: 'forward',
      kind: SpanKind.CONSUMER,
      attributes: { 'messaging.message.id': delivery.messageId ?? '', 'dbem.publisher': event.publisher },
    });
    try {
      const services = await this.forwarder.forward(event, withHeaders(delivery, span.headers));
      checkpoint('intake.forwarded');
      this.observer.forwarded(event, services, performance.now() - arrivedAtMs, delivery);
      span.end();
      return services;
    } catch (error) {
      span.end(error);
      throw error;
    }
  }

  private async park(delivery: Delivery, reason: DbEventError): Promise<void> {
    this.forgedMessages.note(reason);
    await this.broker.publish(parkedMessage(this.withUser(delivery), MANAGER_ROUTING_KEY, reason));
    this.log.warn({ code: reason.code, reason: reason.message, ...correlationOf(delivery) }, 'parked a message');
    await this.replier.reject(delivery, reason);
  }

  private async passToControl(delivery: Delivery): Promise<void> {
    await this.broker.publish({
      exchange: '',
      routingKey: CONTROL_QUEUE,
      body: delivery.body,
      // Carries the verified user: consumers of the control queue see the manager's own user as the publisher.
      headers: this.withUser(delivery).headers,
      ...(delivery.messageId !== undefined && { messageId: delivery.messageId }),
      ...(delivery.replyTo !== undefined && { replyTo: delivery.replyTo }),
      ...(delivery.correlationId !== undefined && { correlationId: delivery.correlationId }),
    });
  }

  /** Sets the header to the publisher's verified broker user and drops any value that the publisher set. */
  private withUser(delivery: Delivery): Delivery {
    const { [PARKING_HEADERS.userId]: _unverified, ...headers } = delivery.headers;
    const userId = this.identities.publisherOf(delivery);
    return { ...delivery, headers: { ...headers, ...(userId !== undefined && { [PARKING_HEADERS.userId]: userId }) } };
  }
}

/** Adds the headers only if there is a trace, because every header is sent to every queue. */
function withHeaders(delivery: Delivery, headers: TraceContext): Delivery {
  if (headers.traceparent === undefined) return delivery;
  return { ...delivery, headers: { ...delivery.headers, ...headers } };
}

function publisherIn(message: ReturnType<typeof decodeMessage> | undefined): string | undefined {
  return message?.kind === 'event' ? message.event.publisher : message?.request.publisher;
}

function checkServiceNames(message: DbEvent | SubscriptionRequest): void {
  const names = 'subscriber' in message ? [message.publisher, message.subscriber] : [message.publisher];
  for (const name of names) {
    const fault = serviceNameFault(name);
    if (fault !== undefined) {
      throw new DbEventError('SERVICE_NAME_INVALID', `"${name.slice(0, 64)}" is not a valid service name: ${fault}`);
    }
  }
}
