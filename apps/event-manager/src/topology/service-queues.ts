import { Log } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, declareServiceTopology } from '@dbem/transport';
import { Injectable } from '@nestjs/common';

/**
 * Declares the queue of every subscribed service, so that events wait there even for a service that has never
 * started. This includes subscriptions that another manager, or the Java one, added to the map.
 */
@Injectable()
export class ServiceQueues {
  private readonly declared = new Set<string>();

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly log: Log,
  ) {}

  /** Declares a service's queues, even if this manager declared them before. Rejects as the broker does. */
  async declare(service: string): Promise<void> {
    await declareServiceTopology(this.broker.topology, service, 'quorum');
    this.declared.add(service);
  }

  /**
   * Declares, one service after the other, the queues that this manager has not declared yet. Takes seconds for many
   * services, so it can be aborted by `stopping`. Rejects as the broker does.
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
