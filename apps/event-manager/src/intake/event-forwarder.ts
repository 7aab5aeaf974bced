import type { DbEvent } from '@dbem/db-event';
import { RoutingService } from '@dbem/routing';
import { Log, pause } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, type Delivery, type FanOutFailure, type FanOutMessage } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { MessageSizes } from './message-sizes';
import { ServiceQueues } from './topology/service-queues';

/** RabbitMQ (3.10) needs up to 50 ms to tell the consumers of a deleted quorum queue; declared again before, it has deaf ones. */
const PAUSE_BEFORE_DECLARING_MS = 250;

/**
 * Sends an event on to the queues of the services that want it: the message as it came, byte for byte; of each queue it is
 * known whether it took the event (decision 0046).
 *
 * Resolves with those services when the broker has confirmed the event in all their queues. A queue that is missing is
 * declared again, if its service still subscribes, and gets the event then. If this rejects, some queues may hold the event
 * and will get it once more, which the version gate takes care of.
 */
@Injectable()
export class EventForwarder {
  /** Declarations under way: all events that miss a queue wait for the same one. */
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

  /** To services whose queue was missing: to where the map sends their events by now, if they still subscribe. */
  private async sendAgain(event: DbEvent, delivery: Delivery, missed: ReadonlySet<string>): Promise<void> {
    const { services, queues } = this.routing.route(event, this.registry.map);
    const places = [...services.keys()].filter((place) => missed.has(services[place] as string));
    await Promise.all(places.map((place) => this.declareAgain(services[place] as string)));
    const again = places.map((place) => queues[place] as string);
    const [failed] = await this.send(delivery, again);
    if (failed !== undefined) throw failed.error;
  }

  private declareAgain(service: string): Promise<void> {
    let declaring = this.declaring.get(service);
    if (declaring === undefined) {
      this.log.warn({ service }, 'a service queue was missing: declaring it again');
      declaring = pause(PAUSE_BEFORE_DECLARING_MS)
        .then(() => this.serviceQueues.declare(service))
        .finally(() => this.declaring.delete(service));
      this.declaring.set(service, declaring);
    }
    return declaring;
  }
}
