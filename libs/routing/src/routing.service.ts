import type { DbEvent, SubscriptionMap } from '@dbem/db-event';
import { Injectable } from '@nestjs/common';
import { QueueNames } from './queue-names.port';

/** The destinations of an event. Both lists have the same order; both are empty if there is no subscriber. */
export interface Route {
  readonly services: readonly string[];
  readonly queues: readonly string[];
}

const NOWHERE: Route = { services: [], queues: [] };

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
      route = { services, queues: services.map((service) => this.queueFor(publisher, service, map)) };
      this.routes.set(services, route);
    }
    return route;
  }

  private queueFor(publisher: string, service: string, map: SubscriptionMap): string {
    const delivery = map.get(publisher, service)?.delivery;
    const isPaused = delivery === 'paused' || delivery === 'resuming';
    return isPaused ? this.names.pausedQueueOf(publisher, service) : this.names.queueOf(service);
  }

  private routeTo(recipient: string, publisher: string, services: readonly string[], map: SubscriptionMap): Route {
    if (!services.includes(recipient)) return NOWHERE;
    const routes = this.routesToOne.get(services) ?? new Map<string, Route>();
    this.routesToOne.set(services, routes);
    let route = routes.get(recipient);
    if (route === undefined) {
      route = { services: [recipient], queues: [this.queueFor(publisher, recipient, map)] };
      routes.set(recipient, route);
    }
    return route;
  }
}
