import { setMaxListeners } from 'node:events';
import { type DbEvent, DbEventError } from '@dbem/db-event';
import { type UnavailableQueue, UnavailableQueues } from '@dbem/observation';
import { RoutingService } from '@dbem/routing';
import { Log } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, QueueContents, SharedBody } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { CaughtUpConsumer } from './caught-up-consumer';
import { Destination } from './destination';
import type { ForwardedEvent, RoutedEvent } from './forwarded-event';
import { MissingQueues } from './missing-queues';
import { OverflowDirectory } from './overflow-directory';
import { SlowDestinations } from './slow-destinations';

/** Forwards events, byte for byte, to the queues of the services that subscribe to them. */
@Injectable()
export class EventForwarder extends UnavailableQueues {
  /** By queue. */
  private readonly destinations = new Map<string, Destination>();
  private readonly sharedBody = new SharedBody();
  private readonly stopping = new AbortController();
  private readonly listeners = new Set<() => void>();

  private readonly slow = new SlowDestinations();

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly routing: RoutingService,
    private readonly missingQueues: MissingQueues,
    private readonly consumer: CaughtUpConsumer,
    private readonly directory: OverflowDirectory,
    private readonly contents: QueueContents,
    private readonly log: Log,
  ) {
    super();
    setMaxListeners(0, this.stopping.signal);
    registry.onChange(() => this.dropIdleDestinations());
  }

  /** Also consumes the overflow queues that exist. */
  async start(): Promise<void> {
    await this.directory.start(({ service, queue }) => this.destinationOf(service, queue).findOverflow());
  }

  /** `event` is notified of each service's confirm. */
  forward(event: RoutedEvent): void {
    const { services, destinations } = this.routing.route(event.event, this.registry.map);
    event.expect(services);
    for (const { service, queue, messageFormat } of destinations) {
      this.destinationOf(service, queue).send(event, messageFormat === undefined);
    }
  }

  get unavailable(): UnavailableQueue[] {
    return [...this.destinations.values()].flatMap(({ service, queue, state }) =>
      state === undefined ? [] : { service, queue, ...state },
    );
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /**
   * To be called each second while events that are not confirmed fill the intake's window: the queues that hold up the
   * others get no events directly any more.
   */
  relieve(): void {
    const slow = this.slow.check([...this.destinations.values()], performance.now(), this.broker.answeredMs());
    for (const destination of slow) destination.open('slow');
  }

  /** Gives up the events that are not confirmed yet, so that the broker redelivers them. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.directory.stop();
    await Promise.all([...this.destinations.values()].map((destination) => destination.stop(stoppingError())));
  }

  private destinationOf(service: string, queue: string): Destination {
    let destination = this.destinations.get(queue);
    if (destination === undefined) {
      destination = new Destination(service, queue, {
        broker: this.broker,
        consumer: this.consumer,
        directory: this.directory,
        contents: this.contents,
        log: this.log,
        stopping: this.stopping.signal,
        sharedBody: this.sharedBody,
        routeOf: (event, to) => this.routeOf(event, to),
        forwardAgain: (event, to) => this.forwardAgain(event, to),
        declare: (missing) => this.missingQueues.declare(missing, this.stopping.signal),
        onChange: () => {
          for (const listener of this.listeners) listener();
        },
      });
      this.destinations.set(queue, destination);
    }
    return destination;
  }

  private routeOf(event: DbEvent, service: string) {
    const { destinations } = this.routing.route(event, this.registry.map);
    const route = destinations.find((each) => each.service === service);
    return route && { queue: route.queue, oneByOne: route.messageFormat === undefined };
  }

  /** If the service no longer subscribes, it needs no event. */
  private forwardAgain(event: ForwardedEvent, service: string): void {
    if (this.stopping.signal.aborted) {
      event.failed(stoppingError());
      return;
    }
    const route = this.routeOf(event.event, service);
    if (route === undefined) event.confirmed();
    else this.destinationOf(service, route.queue).send(event, route.oneByOne);
  }

  private dropIdleDestinations(): void {
    for (const [queue, { isIdle }] of this.destinations) if (isIdle) this.destinations.delete(queue);
  }
}

function stoppingError(): DbEventError {
  return new DbEventError('BROKER_UNAVAILABLE', 'This event manager is stopping', { retryable: true });
}
