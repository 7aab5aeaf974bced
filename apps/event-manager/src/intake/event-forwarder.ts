import { type DbEvent, DbEventError } from '@dbem/db-event';
import { type Log, pause } from '@dbem/platform';
import type { Router } from '@dbem/routing';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import type { Broker, Delivery } from '@dbem/transport';
import type { MessageSizes } from '../lapse/message-sizes';
import type { ServiceQueues } from '../topology/service-queues';
import { CopyWindow } from './copy-window';

/** RabbitMQ (3.10) needs up to 50 ms to tell the consumers of a deleted quorum queue; declared again before, it has deaf ones. */
const PAUSE_BEFORE_DECLARING_MS = 250;

/**
 * Sends an event on to the queues of the services that want it: the message as it came, byte for byte, one publish a queue.
 * So the broker says of each queue by itself whether it took the event (decision 0009).
 *
 * Resolves with those services when the broker has confirmed the event in all their queues. A queue that is missing is
 * declared again, if its service still subscribes, and gets the event then. If this rejects, some queues may hold the event
 * and will get it once more, which the version gate takes care of.
 */
export class EventForwarder {
  private readonly window = new CopyWindow();
  /** Declarations under way: all events that miss a queue wait for the same one. */
  private readonly declaring = new Map<string, Promise<void>>();

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly router: Router,
    private readonly serviceQueues: ServiceQueues,
    private readonly log: Log,
    private readonly sizes: MessageSizes,
  ) {}

  async forward(event: DbEvent, delivery: Delivery): Promise<readonly string[]> {
    const { services, queues } = this.router.route(event, this.registry.map);
    const outcomes = await Promise.allSettled(
      services.map((service, index) => this.deliver(service, queues[index] as string, event, delivery)),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return services;
  }

  private async deliver(service: string, queue: string, event: DbEvent, delivery: Delivery): Promise<void> {
    this.sizes.note(service, delivery.body.length);
    try {
      await this.send(queue, delivery);
    } catch (error) {
      if (!(error instanceof DbEventError) || error.code !== 'MESSAGE_UNROUTABLE') throw error;
      // A queue may be missing because its service has unsubscribed meanwhile.
      if (!this.router.route(event, this.registry.map).services.includes(service)) return;
      await this.declareAgain(service);
      await this.send(queue, delivery);
    }
  }

  private send(queue: string, { body, headers, contentType, messageId }: Delivery): Promise<void> {
    return this.window.pass(body.length, () =>
      this.broker.publish({
        exchange: '',
        routingKey: queue,
        body,
        headers,
        ...(contentType !== undefined && { contentType }),
        ...(messageId !== undefined && { messageId }),
      }),
    );
  }

  private declareAgain(service: string): Promise<void> {
    let declaring = this.declaring.get(service);
    if (declaring === undefined) {
      this.log.warn({ service }, 'a service queue was missing: declaring it again');
      declaring = pause(PAUSE_BEFORE_DECLARING_MS)
        .then(() => this.serviceQueues.declare([service]))
        .finally(() => this.declaring.delete(service));
      this.declaring.set(service, declaring);
    }
    return declaring;
  }
}
