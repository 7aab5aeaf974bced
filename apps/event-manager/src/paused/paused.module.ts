import { LOG, type Log } from '@dbem/platform';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PausedQueues } from './paused-queues';

@Module({
  providers: [
    {
      provide: PausedQueues,
      inject: [Broker, SubscriptionRegistry, LOG],
      useFactory: (broker: Broker, registry: SubscriptionRegistry, log: Log) => new PausedQueues(broker, registry, log),
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
