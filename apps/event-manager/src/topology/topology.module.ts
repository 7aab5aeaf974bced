import { Log } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, QueueContents } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ConsumerRegistrations } from './consumer-registrations';
import { addQueueGauges } from './queue-gauges';
import { ServiceQueues } from './service-queues';
import { TopologyReconciler } from './topology-reconciler';

/** Declares and monitors exchanges and queues, from before the first consumer registers until after the last stops. */
@Module({
  providers: [ConsumerRegistrations, ServiceQueues, TopologyReconciler],
  exports: [ConsumerRegistrations, ServiceQueues],
})
export class TopologyModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly reconciler: TopologyReconciler,
    metrics: Registry,
    broker: Broker,
    contents: QueueContents,
    registry: SubscriptionRegistry,
    log: Log,
  ) {
    addQueueGauges(metrics, broker, contents, registry, log);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.reconciler.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.reconciler.stop();
  }
}
