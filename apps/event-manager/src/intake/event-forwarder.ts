import type { DbEvent } from '@dbem/db-event';
import { RoutingService } from '@dbem/routing';
import { Log, pause } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, type Delivery, type FanOutFailure, type FanOutMessage } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { MessageSizes } from './message-sizes';
import { ServiceQueues } from './topology/service-queues';

/**
 * RabbitMQ 3.10 takes up to 50 ms to notify the consumers of a deleted quorum queue. If the queue is declared again
 * earlier, it ends up with stuck consumers.
 */
const PAUSE_BEFORE_DECLARING_MS = 250;

/**
 * Forwards an event, byte for byte, to the queues of the services that subscribe to it. Success or failure is known
 * for each queue (decision 0046).
 *
 * Resolves with those services when the broker has confirmed the event in all their queues. If a queue is missing and
 * its service still subscribes, declares the queue and sends the event again. If this rejects, some queues may
 * contain the event and will receive it once more; the version gate discards duplicates.
 */
@Injectable()
export class EventForwarder {
  /** Declarations in progress, by service: all events for a missing queue await the same declaration. */
  private readonly declaring = new Map<string, Promise<void>>();

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly routing: RoutingService,
    private readonly serviceQueues: ServiceQueues,
    private readonly log: Log,
    private readonly sizes: MessageSizes,
  ) {}

  async forward(event: DbEvent, delivery: Delivery): Promise<readonly string[]> {
    const { services, queues } = this.routing.route(event, this.registry.map);
    if (services.length === 0) return services;
    for (const service of services) this.sizes.note(service, delivery.body.length);
    const failed = await this.send(delivery, queues);
    const fault = failed.find(({ error }) => error.code !== 'MESSAGE_UNROUTABLE');
    if (fault !== undefined) throw fault.error;
    if (failed.length > 0) {
      const missed = services.filter((_, index) => failed.some(({ queue }) => queue === queues[index]));
      await this.sendAgain(event, delivery, new Set(missed));
    }
    return services;
  }

  private send(delivery: Delivery, queues: readonly string[]): Promise<readonly FanOutFailure[]> {
    const { body, headers, contentType, messageId } = delivery;
    const message: FanOutMessage = {
      body,
      headers,
      ...(contentType !== undefined && { contentType }),
      ...(messageId !== undefined && { messageId }),
    };
    return this.broker.fanOut(message, queues);
  }

  /** Routes the event again, by the current map, to services whose queue was missing and that still subscribe. */
  private async sendAgain(event: DbEvent, delivery: Delivery, missed: ReadonlySet<string>): Promise<void> {
    const { services, queues } = this.routing.route(event, this.registry.map);
    const indexes = [...services.keys()].filter((index) => missed.has(services[index] as string));
    await Promise.all(indexes.map((index) => this.redeclare(services[index] as string)));
    const redeclared = indexes.map((index) => queues[index] as string);
    const [failed] = await this.send(delivery, redeclared);
    if (failed !== undefined) throw failed.error;
  }

  private redeclare(service: string): Promise<void> {
    let declaring = this.declaring.get(service);
    if (declaring === undefined) {
      this.log.warn({ service }, 'service queue is missing; declaring it');
      declaring = pause(PAUSE_BEFORE_DECLARING_MS)
        .then(() => this.serviceQueues.declare(service))
        .finally(() => this.declaring.delete(service));
      this.declaring.set(service, declaring);
    }
    return declaring;
  }
}
