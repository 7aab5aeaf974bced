import { LOG, type Log } from '@dbem/platform';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SubscriptionService } from '../subscriptions/subscription.service';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { PausedQueues } from './paused-queues';

@Module({
  imports: [SubscriptionsModule],
  providers: [
    {
      provide: PausedQueues,
      inject: [Broker, SubscriptionRegistry, SubscriptionService, LOG],
      useFactory: (broker: Broker, registry: SubscriptionRegistry, subscriptions: SubscriptionService, log: Log) =>
        new PausedQueues(broker, registry, subscriptions, log),
    },
  ],
})
export class PausedModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly queues: PausedQueues) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queues.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.queues.stop();
  }
}
