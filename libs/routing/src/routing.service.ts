import type { DbEvent, SubscriptionMap } from '@dbem/db-event';
import { Injectable } from '@nestjs/common';
import { QueueNames } from './queue-names.port';

/** Where an event goes. Both lists are in the same order, and empty if nobody wants it. */
export interface Route {
  readonly services: readonly string[];
  readonly queues: readonly string[];
}

const NOWHERE: Route = { services: [], queues: [] };

type RoutedBy = Pick<DbEvent, 'publisher' | 'entityType' | 'isHeartbeat' | 'recipient'>;

/**
 * The way from an event and the subscription map to the service queues: a pure function, remembered per answer of the map.
 * What is remembered goes with the map that it came from.
 */
@Injectable()
export class RoutingService {
  private readonly routes = new WeakMap<readonly string[], Route>();
  /** To one recipient of those. */
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
    const isWaiting = delivery === 'paused' || delivery === 'resuming';
    return isWaiting ? this.names.pausedQueueOf(publisher, service) : this.names.queueOf(service);
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
