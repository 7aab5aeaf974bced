import { isRouted } from '@dbem/db-event';
import { Log } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, declarePausedQueue, declareServiceTopology } from '@dbem/transport';
import { Injectable } from '@nestjs/common';

/**
 * Keeps the queue of every subscribed service in being, so that events wait there for a service that has never started.
 * A subscription made by another manager, or left by the Java one, has its queue declared when it is seen in the map.
 */
@Injectable()
export class ServiceQueues {
  private readonly declared = new Set<string>();

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly log: Log,
  ) {}

  /** Declares a service's queues, whether or not that was done before. Rejects as the broker does. */
  async declare(service: string): Promise<void> {
    await declareServiceTopology(this.broker.topology, service, 'quorum');
    for (const subscription of this.registry.map.pausedSubscriptions()) {
      if (subscription.subscriber !== service || !isRouted(subscription)) continue;
      await declarePausedQueue(this.broker.topology, subscription.publisher, service);
    }
    this.declared.add(service);
  }

  /**
   * Declares the queues of the map's services that this manager has not declared yet, one service after the other, until
   * `stopping`: of many it takes seconds. Rejects as the broker does.
   */
  async declareNew(stopping: AbortSignal): Promise<void> {
    const subscribers = this.registry.map.routedSubscriberNames();
    const fresh = subscribers.filter((service) => !this.declared.has(service));
    if (fresh.length === 0) return;
    for (const service of fresh) {
      if (stopping.aborted) return;
      await this.declare(service);
    }
    this.log.info({ services: fresh }, 'declared service queues');
  }
}
