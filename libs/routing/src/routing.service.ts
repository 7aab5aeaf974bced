import { type DbEvent, isPaused, type SubscriptionMap } from '@dbem/db-event';
import { Injectable } from '@nestjs/common';
import { QueueNames } from './queue-names.port';

/** A queue that an event is sent to. */
export interface Destination {
  readonly service: string;
  readonly queue: string;
  /** See `Subscription.messageFormat`. */
  readonly messageFormat: number | undefined;
  /** The event waits until the subscription is no longer paused. */
  readonly isPaused: boolean;
}

/** Where an event goes. Both lists have the same order; both are empty if there is no subscriber. */
export interface Route {
  readonly services: readonly string[];
  readonly destinations: readonly Destination[];
}

const NOWHERE: Route = { services: [], destinations: [] };

type RoutedBy = Pick<DbEvent, 'publisher' | 'entityType' | 'isHeartbeat' | 'recipient'>;

/**
 * Maps an event and the subscription map to service queues. A pure function, cached per list of subscribers in the map;
 * the cache entries are released with the map.
 */
@Injectable()
export class RoutingService {
  private readonly routes = new WeakMap<readonly string[], Route>();
  /** Routes of events with a single recipient. */
  private readonly routesToOne = new WeakMap<readonly string[], Map<string, Route>>();

  constructor(private readonly names: QueueNames) {}

  route(event: RoutedBy, map: SubscriptionMap): Route {
    const { publisher, entityType, isHeartbeat, recipient } = event;
    const services = isHeartbeat ? map.heartbeatSubscribersOf(publisher) : map.subscribersOf(publisher, entityType);
    if (recipient !== undefined) return this.routeTo(recipient, publisher, services, map);
    let route = this.routes.get(services);
    if (route === undefined) {
      route = { services, destinations: services.map((service) => this.destinationOf(publisher, service, map)) };
      this.routes.set(services, route);
    }
    return route;
  }

  private destinationOf(publisher: string, service: string, map: SubscriptionMap): Destination {
    const subscription = map.get(publisher, service);
    return {
      service,
      queue: this.names.queueOf(service),
      messageFormat: subscription?.messageFormat,
      isPaused: subscription !== undefined && isPaused(subscription),
    };
  }

  private routeTo(recipient: string, publisher: string, services: readonly string[], map: SubscriptionMap): Route {
    if (!services.includes(recipient)) return NOWHERE;
    const routes = this.routesToOne.get(services) ?? new Map<string, Route>();
    this.routesToOne.set(services, routes);
    let route = routes.get(recipient);
    if (route === undefined) {
      route = { services: [recipient], destinations: [this.destinationOf(publisher, recipient, map)] };
      routes.set(recipient, route);
    }
    return route;
  }
}
