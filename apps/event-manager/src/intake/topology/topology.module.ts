import { Log } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ConsumerRegistrations } from './consumer-registrations';
import { addQueueGauges } from './queue-gauges';
import { ServiceQueues } from './service-queues';
import { TopologyReconciler } from './topology-reconciler';

/** What the manager needs at the broker; kept in being from before anything is consumed until after. */
@Module({
  providers: [ConsumerRegistrations, ServiceQueues, TopologyReconciler],
  exports: [ConsumerRegistrations, ServiceQueues],
})
export class TopologyModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly keeper: TopologyReconciler,
    metrics: Registry,
    broker: Broker,
    registry: SubscriptionRegistry,
    log: Log,
  ) {
    addQueueGauges(metrics, broker, registry, log);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.keeper.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.keeper.stop();
  }
}
