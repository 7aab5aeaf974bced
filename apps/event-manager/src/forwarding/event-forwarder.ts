import { setMaxListeners } from 'node:events';
import { DbEventError } from '@dbem/db-event';
import { type UnavailableQueue, UnavailableQueues } from '@dbem/observation';
import { type Destination as RoutedTo, RoutingService } from '@dbem/routing';
import { Log } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import {
  Broker,
  declareFallbackQueue,
  declareRetriedQueue,
  FALLBACK_QUEUE,
  QueueContents,
  RETRIED_QUEUE,
  SharedBody,
} from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { CaughtUpConsumer } from './caught-up-consumer';
import { Destination } from './destination';
import type { DestinationServices } from './destination-services';
import type { ForwardedEvent, RoutedEvent } from './forwarded-event';
import { Lane } from './lane';
import { MissingQueues } from './missing-queues';
import { PausedSubscriptions } from './paused-subscriptions';
import { ReturnedEvent } from './returned-event';
import { SlowDestinations } from './slow-destinations';
import { WaitingDirectory, type WaitingEntry } from './waiting-directory';
import { WaitingQueue, type WaitingQueueServices } from './waiting-queue';

/** Forwards events, byte for byte, to the queues of the services that subscribe to them. */
@Injectable()
export class EventForwarder extends UnavailableQueues {
  /** By queue, as the lanes. */
  private readonly destinations = new Map<string, Destination>();
  private readonly lanes = new Map<string, Lane>();
  private readonly paused: PausedSubscriptions;
  private readonly fallback: WaitingQueue;
  /** The events that a service could not apply, after their delay. */
  private readonly retried: WaitingQueue;
  private readonly sharedBody = new SharedBody();
  private readonly stopping = new AbortController();
  private readonly listeners = new Set<() => void>();
  private readonly slow = new SlowDestinations();
  private readonly services: WaitingQueueServices;

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly routing: RoutingService,
    private readonly missingQueues: MissingQueues,
    consumer: CaughtUpConsumer,
    private readonly directory: WaitingDirectory,
    contents: QueueContents,
    log: Log,
  ) {
    super();
    const { signal } = this.stopping;
    setMaxListeners(0, signal);
    this.services = {
      broker,
      consumer,
      contents,
      log,
      stopping: signal,
      generationOf: (publisher, service) => registry.map.get(publisher, service)?.generation,
      onReturned: (event) => this.forwardAgain(event, event.recipient),
    };
    this.fallback = new WaitingQueue(FALLBACK_QUEUE, {
      ...this.services,
      declare: () => declareFallbackQueue(broker.topology),
    });
    this.retried = new WaitingQueue(RETRIED_QUEUE, {
      ...this.services,
      declare: () => declareRetriedQueue(broker.topology),
      ownerOf: ({ routingKey }) => routingKey,
    });
    this.paused = new PausedSubscriptions({
      ...this.services,
      directory,
      fallback: this.fallback,
      find: (publisher, subscriber) => registry.map.get(publisher, subscriber),
      paused: () => registry.map.pausedSubscriptions(),
    });
    registry.onChange(() => {
      this.paused.update();
      this.dropIdleDestinations();
    });
  }

  /** Also consumes the queues in which events wait. */
  async start(): Promise<void> {
    void this.fallback.open();
    void this.retried.open();
    await this.directory.start((entry) => this.find(entry));
  }

  /** `event` is notified of each service's confirm. */
  forward(event: RoutedEvent): void {
    const { services, destinations } = this.routing.route(event.event, this.registry.map);
    event.expect(services);
    for (const to of destinations) this.send(event, to);
  }

  get unavailable(): UnavailableQueue[] {
    return [...this.destinations.values(), ...this.lanes.values()].flatMap(({ service, queue, state }) =>
      state === undefined ? [] : { service, queue, ...state },
    );
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** The subscription is not paused any more, but this manager can't exclude that events still wait for it. */
  isDraining(publisher: string, subscriber: string): boolean {
    return this.paused.get(publisher, subscriber)?.isDraining === true;
  }

  /** The queues in which events wait for a service's queue, as far as this manager knows; it finds those of others. */
  waitingQueuesOf(queue: string): string[] {
    const names = [this.destinations.get(queue)?.overflowQueue, this.lanes.get(queue)?.waitingQueue];
    return names.filter((name) => name !== undefined);
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
    const error = stoppingError();
    await this.directory.stop();
    await Promise.all([
      this.fallback.stop(error),
      this.retried.stop(error),
      this.paused.stop(error),
      ...[...this.destinations.values(), ...this.lanes.values()].map((each) => each.stop(error)),
    ]);
  }

  private send(event: ForwardedEvent, to: RoutedTo): void {
    const paused = this.paused.waitingFor(event, to);
    if (paused !== undefined) paused.write(event);
    else if (isLegacy(to)) this.laneOf(to.service, to.queue).write(event);
    else this.destinationOf(to.service, to.queue).send(event);
  }

  private find(entry: WaitingEntry): Promise<boolean> {
    if ('queue' in entry) return this.destinationOf(entry.service, entry.queue).findOverflow();
    if ('lane' in entry) return this.laneOf(entry.service, entry.lane).find();
    return this.paused.of(entry.publisher, entry.service).findQueue();
  }

  private destinationOf(service: string, queue: string): Destination {
    let destination = this.destinations.get(queue);
    if (destination === undefined) {
      destination = new Destination(service, queue, {
        ...this.destinationServices,
        sharedBody: this.sharedBody,
        belongs: (event, to) => this.belongsTo(to, event),
      });
      this.destinations.set(queue, destination);
    }
    return destination;
  }

  private laneOf(service: string, queue: string): Lane {
    let lane = this.lanes.get(queue);
    if (lane === undefined) {
      lane = new Lane(service, queue, {
        ...this.destinationServices,
        belongs: (event, to) => this.belongsToLane(to, event),
      });
      this.lanes.set(queue, lane);
    }
    return lane;
  }

  private get destinationServices(): DestinationServices {
    return {
      ...this.services,
      directory: this.directory,
      fallback: this.fallback,
      forwardAgain: (event, to) => this.forwardAgain(event, to),
      declare: (missing) => this.missingQueues.declare(missing, this.stopping.signal),
      onChange: () => {
        for (const listener of this.listeners) listener();
      },
    };
  }

  /** Undefined: the service does not subscribe, or its subscription was made again while the event waited. */
  private routeOf(event: ForwardedEvent, service: string) {
    const { map } = this.registry;
    if (event instanceof ReturnedEvent && event.isOutdated(map.get(event.event.publisher, service))) return undefined;
    const { destinations } = this.routing.route(event.event, map);
    return destinations.find((each) => each.service === service);
  }

  private belongsTo({ queue, service }: Destination, event: ForwardedEvent): boolean {
    const route = this.routeOf(event, service);
    return route !== undefined && route.queue === queue && !isLegacy(route) && !route.isPaused;
  }

  /** Also while it is paused: what waits for the end of the pause is newer than what is in the lane. */
  private belongsToLane({ queue, service }: Lane, event: ForwardedEvent): boolean {
    const route = this.routeOf(event, service);
    return route !== undefined && route.queue === queue && isLegacy(route);
  }

  /** An event that has no route any more is not needed. */
  private forwardAgain(event: ForwardedEvent, service: string): void {
    if (this.stopping.signal.aborted) {
      event.failed(stoppingError());
      return;
    }
    const route = this.routeOf(event, service);
    if (route === undefined) event.confirmed();
    else this.send(event, route);
  }

  private dropIdleDestinations(): void {
    for (const [queue, { isIdle }] of this.destinations) if (isIdle) this.destinations.delete(queue);
  }
}

/** It reads single messages, and has no version gate. */
function isLegacy({ messageFormat }: RoutedTo): boolean {
  return messageFormat === undefined;
}

function stoppingError(): DbEventError {
  return new DbEventError('BROKER_UNAVAILABLE', 'This event manager is stopping', { retryable: true });
}
