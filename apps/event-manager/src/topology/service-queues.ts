import { isRouted, type Subscription } from '@dbem/db-event';
import type { Log } from '@dbem/platform';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import { type Broker, declarePausedQueue, declareServiceTopology } from '@dbem/transport';

/**
 * Keeps the queue of every subscribed service in being, so that events wait there for a service that has never started.
 * A subscription made by another manager, or left by the Java one, has its queue declared when it is seen in the map.
 */
export class ServiceQueues {
  private readonly declared = new Set<string>();

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly log: Log,
  ) {}

  /** Declares the queues of these services, whether or not that was done before. Rejects as the broker does. */
  async declare(services: readonly string[]): Promise<void> {
    for (const service of services) {
      await declareServiceTopology(this.broker.topology, service, 'quorum');
      for (const { publisher } of this.waitingOf(service)) {
        await declarePausedQueue(this.broker.topology, publisher, service);
      }
      this.declared.add(service);
    }
  }

  private waitingOf(service: string): Subscription[] {
    const all = this.registry.map.subscriptions();
    return all.filter(isRouted).filter(({ subscriber, delivery }) => subscriber === service && delivery !== undefined);
  }

  /** Declares the queues of the map's services that this manager has not declared yet. Rejects as the broker does. */
  async declareNew(): Promise<void> {
    const subscribers = this.registry.map.routedSubscriberNames();
    const fresh = subscribers.filter((service) => !this.declared.has(service));
    if (fresh.length === 0) return;
    await this.declare(fresh);
    this.log.info({ services: fresh }, 'declared service queues');
  }
}
