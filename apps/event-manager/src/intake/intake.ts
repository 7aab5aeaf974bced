import { randomUUID } from 'node:crypto';
import { type DbEvent, DbEventError, serviceNameFault } from '@dbem/db-event';
import { decodeMessage, type SubscriptionRequest } from '@dbem/entity-codec';
import { checkpoint, Log } from '@dbem/runtime';
import { startEventSpan } from '@dbem/telemetry';
import {
  ARRIVAL_HEADER,
  BATCH_CONTENT_TYPE,
  type BatchHandler,
  Broker,
  batchMessage,
  CONTROL_QUEUE,
  correlationOf,
  type Delivery,
  elementOf,
  INTAKE_QUEUE,
  MANAGER_ROUTING_KEY,
  type OrderedHandler,
  type OutgoingMessage,
  PARKING_HEADERS,
  parkedMessage,
  withoutParkingHeaders,
} from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { ForgedMessages } from '../access/identity/forged-messages';
import { Identities } from '../access/identity/identities';
import { EventForwarder } from '../forwarding/event-forwarder';
import { ArrivalCounter } from './arrival-counter';
import { IntakeEvent } from './intake-event';
import { IntakeObserver } from './intake-observer.port';
import { PendingEvents } from './pending-events';
import { Replier } from './replier';

/** How events come in a queue: as elements of batches, or each as a message of its own. */
type MessageForm = 'batch' | 'single';

/**
 * Processes events and requests. A message is acknowledged only when the broker has confirmed the result for each of
 * its elements: an event in every subscriber's queue, a subscription request in the control queue, an invalid element
 * in the parked queue. After a crash in between, the broker delivers the message again and it is processed from the
 * start.
 */
@Injectable()
export class Intake {
  private running = 0;
  private isOrderedRunning = false;

  constructor(
    private readonly broker: Broker,
    private readonly forwarder: EventForwarder,
    private readonly replier: Replier,
    private readonly identities: Identities,
    private readonly forgedMessages: ForgedMessages,
    private readonly observer: IntakeObserver,
    private readonly arrivals: ArrivalCounter,
    private readonly log: Log,
  ) {}

  /** The handler calls whose events are not all confirmed yet. */
  get callsInFlight(): number {
    return this.running;
  }

  /** Handles elements of batches; a single message is parked. */
  readonly handleElements: BatchHandler = (deliveries) => this.handle(deliveries, 'batch');

  /** Handles single messages, which keep their order; a batch is parked. */
  readonly handleMessages: OrderedHandler = async (deliveries, channel) => {
    this.isOrderedRunning = true;
    try {
      await this.arrivals.begin(channel, deliveries.length);
      await this.handle(deliveries, 'single');
    } finally {
      this.isOrderedRunning = false;
    }
    return deliveries.length;
  };

  /** A call for single messages waits for confirms, and all others wait for it. */
  get holdsUpOrder(): boolean {
    return this.isOrderedRunning;
  }

  /** An element of a redelivered batch, as a batch of one for the same queue. */
  returnedAlone(element: Delivery): OutgoingMessage {
    const message = batchMessage([elementOf(element)], '', INTAKE_QUEUE);
    const { [PARKING_HEADERS.userId]: user } = this.withUser(element).headers;
    return user === undefined ? message : { ...message, headers: { [PARKING_HEADERS.userId]: user } };
  }

  private async handle(deliveries: readonly Delivery[], expected: MessageForm): Promise<void> {
    this.running += 1;
    try {
      await this.handleAll(deliveries, expected);
    } finally {
      this.running -= 1;
    }
  }

  private async handleAll(deliveries: readonly Delivery[], expected: MessageForm): Promise<void> {
    const events = new PendingEvents();
    const others: Promise<void>[] = [];
    for (const delivery of deliveries) this.process(delivery, expected, events, others);
    const outcomes = await Promise.allSettled([events.done(), ...others]);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) {
      this.observer.returned(deliveries.length);
      throw failed.reason;
    }
  }

  /** What is not done when this returns is added to `events` or to `others`. */
  private process(received: Delivery, expected: MessageForm, events: PendingEvents, others: Promise<void>[]): void {
    // Legacy publishers set no message id, but the logs of an event are correlated by it.
    const delivery = received.messageId === undefined ? { ...received, messageId: randomUUID() } : received;
    let message: ReturnType<typeof decodeMessage> | undefined;
    try {
      checkForm(delivery, expected);
      message = decodeMessage(delivery.body);
      const content = message.kind === 'event' ? message.event : message.request;
      checkServiceNames(content);
      this.identities.check(content, this.identities.publisherOf(delivery), expected === 'single');
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      others.push(this.park(delivery, error, publisherIn(message)));
      return;
    }
    if (message.kind === 'event') this.forward(message.event, this.ordered(message.event, delivery, expected), events);
    else others.push(this.passToControl(delivery));
  }

  private forward(event: DbEvent, delivery: Delivery, events: PendingEvents): void {
    this.observer.received(event);
    const span = startEventSpan(delivery.headers, {
      name: 'forward',
      kind: SpanKind.CONSUMER,
      attributes: { 'messaging.message.id': delivery.messageId ?? '', 'dbem.publisher': event.publisher },
    });
    events.add();
    // Only if there is a trace, because every header is sent to every queue.
    const content = span.headers.traceparent === undefined ? delivery : withHeaders(delivery, span.headers);
    this.forwarder.forward(new IntakeEvent(event, delivery, content, span, events, this.onForwarded));
  }

  private readonly onForwarded = ({ event, received, services, span, arrivedAtMs }: IntakeEvent): void => {
    checkpoint('intake.forwarded');
    this.observer.forwarded(event, services, performance.now() - arrivedAtMs, received);
    span.end();
    if (received.replyTo === undefined) return;
    this.replier.accept(received, services);
    this.observer.acknowledged(event.publisher, 'accepted');
  };

  /** Only managers set these headers. The elements of batches have no order among themselves. */
  private ordered({ version }: DbEvent, received: Delivery, form: MessageForm): Delivery {
    const delivery = withoutParkingHeaders(received);
    const arrival = form === 'single' && version === undefined ? this.arrivals.next() : undefined;
    if (arrival !== undefined) return withHeaders(delivery, { [ARRIVAL_HEADER]: arrival });
    if (!(ARRIVAL_HEADER in delivery.headers)) return delivery;
    const { [ARRIVAL_HEADER]: _forged, ...headers } = delivery.headers;
    return { ...delivery, headers, encoded: undefined };
  }

  private async park(delivery: Delivery, reason: DbEventError, publisher: string | undefined): Promise<void> {
    this.forgedMessages.note(reason);
    await this.broker.publish(parkedMessage(this.withUser(delivery), MANAGER_ROUTING_KEY, reason));
    this.log.warn({ code: reason.code, reason: reason.message, ...correlationOf(delivery) }, 'parked a message');
    this.replier.reject(delivery, reason);
    this.observer.parked(reason.code, publisher);
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

function withHeaders(delivery: Delivery, headers: Delivery['headers']): Delivery {
  return { ...delivery, headers: { ...delivery.headers, ...headers }, encoded: undefined };
}

/** @throws DbEventError BATCH_MALFORMED, MESSAGE_FORMAT_UNEXPECTED */
function checkForm({ contentType, encoded, fault }: Delivery, expected: MessageForm): void {
  if (fault !== undefined) throw fault;
  const form = encoded !== undefined || contentType === BATCH_CONTENT_TYPE ? 'batch' : 'single';
  if (form === expected) return;
  const text =
    expected === 'batch'
      ? 'This queue takes batches only, but received a single message'
      : 'This queue takes single messages only, but received a batch';
  throw new DbEventError('MESSAGE_FORMAT_UNEXPECTED', text);
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
