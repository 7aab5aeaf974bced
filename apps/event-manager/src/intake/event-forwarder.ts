import { type DbEvent, DbEventError } from '@dbem/db-event';
import type { Log } from '@dbem/platform';
import { type Route, type Router } from '@dbem/routing';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import type { Broker, Delivery, OutgoingMessage } from '@dbem/transport';
import type { ServiceQueues } from '../topology/service-queues';

/**
 * Sends an event on to the queues of the services that want it: the message as it came, byte for byte, in one publish.
 *
 * Resolves with those services when the broker has confirmed the event in their queues. A queue that is missing is
 * declared again and the event published once more; then a service that had got it already gets it twice, which its
 * version gate takes care of.
 */
export class EventForwarder {
  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly router: Router,
    private readonly serviceQueues: ServiceQueues,
    private readonly log: Log,
  ) {}

  async forward(event: DbEvent, delivery: Delivery): Promise<readonly string[]> {
    const route = this.router.route(event, this.registry.map);
    const [first, ...others] = route.queues;
    if (first === undefined) return route.services;
    const message: OutgoingMessage = {
      exchange: '',
      routingKey: first,
      ...(others.length > 0 && { cc: others }),
      body: delivery.body,
      headers: delivery.headers,
      ...(delivery.contentType !== undefined && { contentType: delivery.contentType }),
      ...(delivery.messageId !== undefined && { messageId: delivery.messageId }),
    };
    try {
      await this.broker.publish(message);
    } catch (error) {
      if (!(error instanceof DbEventError) || error.code !== 'MESSAGE_UNROUTABLE') throw error;
      await this.declareAgain(route);
      await this.broker.publish(message);
    }
    return route.services;
  }

  private async declareAgain(route: Route): Promise<void> {
    this.log.warn({ services: route.services }, 'service queues were missing: declaring them again');
    await this.serviceQueues.declare(route.services);
  }
}
