import { DbEventError } from '@dbem/db-event';
import { type Destination, RoutingService } from '@dbem/routing';
import { Backoff, Log, pause } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, ByteWindow, QueueContents, Sender, SharedBody } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { IntakeEvent } from './intake-event';
import { ServiceQueues } from './topology/service-queues';

/**
 * RabbitMQ 3.10 takes up to 50 ms to notify the consumers of a deleted quorum queue. If the queue is declared again
 * earlier, it ends up with stuck consumers.
 */
const PAUSE_BEFORE_DECLARING_MS = 250;

/** Unconfirmed bytes of all senders. */
const WINDOW_BYTES = 64 * 1024 * 1024;

/**
 * Forwards events, byte for byte, to the queues of the services that subscribe to them: one sender per queue.
 *
 * What a queue does not confirm is routed and sent again, with backoff, as long as its service subscribes; a missing
 * queue is declared. An event may be in a queue twice then; the version gate discards duplicates.
 */
@Injectable()
export class EventForwarder {
  private readonly senders = new Map<string, Sender<IntakeEvent>>();
  /** Declarations in progress, by service: all events for a missing queue await the same declaration. */
  private readonly declaring = new Map<string, Promise<void>>();
  private readonly window = new ByteWindow(WINDOW_BYTES);
  private readonly sharedBody = new SharedBody();
  private readonly stopping = new AbortController();

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly routing: RoutingService,
    private readonly serviceQueues: ServiceQueues,
    private readonly log: Log,
    private readonly contents: QueueContents,
  ) {
    registry.onChange(() => this.dropIdleSenders());
  }

  /** `event` is notified of each service's confirm. */
  forward(event: IntakeEvent): void {
    const { services, destinations } = this.routing.route(event.event, this.registry.map);
    event.expect(services);
    for (const destination of destinations) this.senderOf(destination).send(event);
  }

  /** Gives up the events that are not confirmed yet, so that the broker redelivers them. */
  stop(): void {
    this.stopping.abort();
    for (const sender of this.senders.values()) sender.stop(stoppingError());
  }

  private senderOf({ service, queue, messageFormat }: Destination): Sender<IntakeEvent> {
    const oneByOne = messageFormat === undefined;
    const key = oneByOne ? `single ${queue}` : queue;
    let sender = this.senders.get(key);
    if (sender === undefined) {
      const backoff = new Backoff({ initialMs: 50, maxMs: 5_000 });
      sender = new Sender<IntakeEvent>(this.broker, {
        queue,
        oneByOne,
        window: this.window,
        sharedBody: this.sharedBody,
        onConfirmed: (events, bytes) => {
          backoff.reset();
          this.contents.note(queue, events, bytes);
        },
        onFailed: (events, error) => void this.sendAgain(service, events, error, backoff),
      });
      this.senders.set(key, sender);
    }
    return sender;
  }

  /** Routes events again, by the map of that moment, to one service; if it no longer subscribes, it needs none. */
  private async sendAgain(
    service: string,
    events: readonly IntakeEvent[],
    error: DbEventError,
    backoff: Backoff,
  ): Promise<void> {
    this.log.debug({ service, events: events.length, err: error }, 'could not forward events; sending them again');
    if (error.code === 'MESSAGE_UNROUTABLE') await this.redeclare(service);
    else await pause(backoff.next(), this.stopping.signal);
    for (const event of events) {
      if (this.stopping.signal.aborted) {
        event.failed(stoppingError());
        continue;
      }
      const { destinations } = this.routing.route(event.event, this.registry.map);
      const destination = destinations.find((each) => each.service === service);
      if (destination === undefined) event.confirmed();
      else this.senderOf(destination).send(event);
    }
  }

  /** Declares the queue of a service, if it still subscribes. Resolves also if that fails: it is tried again. */
  private redeclare(service: string): Promise<void> {
    let declaring = this.declaring.get(service);
    if (declaring === undefined) {
      this.log.warn({ service }, 'service queue is missing; declaring it');
      declaring = pause(PAUSE_BEFORE_DECLARING_MS, this.stopping.signal)
        .then(async () => {
          if (this.registry.map.routedSubscriberNames().includes(service)) await this.serviceQueues.declare(service);
        })
        .catch((error: unknown) =>
          this.log.warn({ service, err: error }, 'could not declare a service queue; retrying'),
        )
        .finally(() => this.declaring.delete(service));
      this.declaring.set(service, declaring);
    }
    return declaring;
  }

  private dropIdleSenders(): void {
    for (const [key, sender] of this.senders) if (sender.isIdle) this.senders.delete(key);
  }
}

function stoppingError(): DbEventError {
  return new DbEventError('BROKER_UNAVAILABLE', 'This event manager is stopping', { retryable: true });
}
