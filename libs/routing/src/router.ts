import type { DbEvent, SubscriptionMap } from '@dbem/db-event';

/** Where an event goes. Both lists are in the same order, and empty if nobody wants it. */
export interface Route {
  readonly services: readonly string[];
  readonly queues: readonly string[];
}

type RoutedBy = Pick<DbEvent, 'publisher' | 'entityType' | 'recipient'>;

/**
 * The way from an event and the subscription map to the service queues: a pure function, remembered per answer of the map.
 * What is remembered goes with the map that it came from.
 */
export class Router {
  private readonly routes = new WeakMap<readonly string[], Route>();

  /** @param queueOf the name of a service's queue. */
  constructor(private readonly queueOf: (service: string) => string) {}

  route({ publisher, entityType, recipient }: RoutedBy, map: SubscriptionMap): Route {
    const services = map.subscribersOf(publisher, entityType);
    if (recipient !== undefined) return this.routeTo(recipient, services);
    let route = this.routes.get(services);
    if (route === undefined) {
      route = { services, queues: services.map(this.queueOf) };
      this.routes.set(services, route);
    }
    return route;
  }

  private routeTo(recipient: string, services: readonly string[]): Route {
    return services.includes(recipient)
      ? { services: [recipient], queues: [this.queueOf(recipient)] }
      : { services: [], queues: [] };
  }
}
