import { isPaused, type Subscription } from '@dbem/db-event';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import {
  ALONE_KEY,
  Broker,
  declareServiceTopology,
  EVENT_EXCHANGE,
  failedExchangeOf,
  type InspectedQueue,
  OptionalBrokerManagement,
  pausedQueueOf,
  QueueContents,
  serviceQueueOf,
} from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { EventForwarder } from '../forwarding/event-forwarder';
import type { Finding, RouteQueue, RouteReceipt } from './route-receipt';
import { unknown } from './subscription-deliveries';
import { type SubscriptionView, subscriptionView } from './subscription-view';

/** Compares a subscription in the map with its queues and bindings in the broker, and declares what is missing. */
@Injectable()
export class RouteReceipts {
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly broker: Broker,
    private readonly contents: QueueContents,
    private readonly details: OptionalBrokerManagement,
    private readonly forwarder: EventForwarder,
  ) {}

  async of(publisher: string, subscriber: string): Promise<RouteReceipt> {
    const subscription = this.registry.map.get(publisher, subscriber) ?? unknown(publisher, subscriber);
    const findings: Finding[] = [];
    await this.repair(subscription, findings);
    const queue = await this.inspect(serviceQueueOf(subscriber));
    const view = subscriptionView(subscription, this.forwarder.isDraining(publisher, subscriber));
    const waiting = view.delivery && (await this.inspect(pausedQueueOf(publisher, subscriber)));
    findings.push(...checkQueue(subscriber, queue), ...checkDelivery(view, waiting?.events ?? 0));
    return {
      subscription: view,
      goesTo: isPaused(subscription) ? pausedQueueOf(publisher, subscriber) : serviceQueueOf(subscriber),
      queue,
      ...(waiting && { waiting }),
      managers: (await this.registry.members()).length,
      findings,
    };
  }

  /** Declaring is idempotent: existing queues and bindings stay as they are. */
  private async repair({ subscriber }: Subscription, findings: Finding[]): Promise<void> {
    const { topology } = this.broker;
    const name = serviceQueueOf(subscriber);
    const before = await topology.inspectQueue(name);
    const bound = await this.details.management?.inspectQueue(name);
    await declareServiceTopology(topology, subscriber, 'quorum');
    if (before === undefined) findings.push(healed('QUEUE_MISSING', `${name} was missing; it has been declared.`));
    else if (bound !== undefined && !isBound(bound, subscriber)) {
      const text = `${name} was not bound to ${failedExchangeOf(subscriber)}; it has been bound.`;
      findings.push(healed('BINDING_MISSING', text));
    }
  }

  private async inspect(name: string): Promise<RouteQueue> {
    const [state, details] = await Promise.all([
      this.broker.topology.inspectQueue(name),
      this.details.management?.inspectQueue(name),
    ]);
    return {
      name,
      messages: state?.messages ?? 0,
      events: this.contents.eventsIn(name, state?.messages ?? 0),
      consumers: state?.consumers ?? 0,
      ...(details !== undefined && { kind: details.kind, bindings: details.bindings }),
    };
  }
}

function isBound({ bindings }: InspectedQueue, subscriber: string): boolean {
  const owned = failedExchangeOf(subscriber);
  return bindings.some(({ exchange, routingKey }) => exchange === owned && routingKey === ALONE_KEY);
}

function checkQueue(subscriber: string, { name, consumers, kind, bindings = [] }: RouteQueue): Finding[] {
  const findings: Finding[] = [];
  if (consumers === 0) findings.push(warning('NO_CONSUMERS', `${name} has no consumers, so its events wait.`));
  if (kind === 'classic') {
    findings.push(
      note('CLASSIC_QUEUE', `${name} is a classic queue, as declared by legacy services; it is not replicated.`),
    );
  }
  for (const { exchange, routingKey } of bindings) {
    if (exchange !== EVENT_EXCHANGE) continue;
    const text = `${name} is bound to ${exchange} with ${routingKey}`;
    if (routingKey === `#.${subscriber}.#`) {
      findings.push(
        note('LEGACY_BINDING', `${text}, as legacy services do; only the Java event manager publishes there.`),
      );
    } else {
      findings.push(warning('FOREIGN_BINDING', `${text}; it may receive events that it has not subscribed to.`));
    }
  }
  return findings;
}

function checkDelivery({ delivery, pauses = [] }: SubscriptionView, waiting: number): Finding[] {
  if (delivery === 'paused') {
    const by = pauses.map((pause) => `${pause.by} since ${pause.since}`).join(', ');
    return [note('PAUSED', `The subscription is paused by ${by}; ${waiting} events wait.`)];
  }
  if (delivery === undefined) return [];
  return [note('BEING_RESUMED', `The subscription is being resumed; ${waiting} events still wait.`)];
}

const healed = (code: string, message: string): Finding => ({ code, state: 'healed', message });
const note = (code: string, message: string): Finding => ({ code, state: 'note', message });
const warning = (code: string, message: string): Finding => ({ code, state: 'warning', message });
