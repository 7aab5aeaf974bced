import { Log } from '@dbem/runtime';
import { AgreedMap, MapModule } from '@dbem/subscription-registry';
import { Broker } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LeftBehind } from './left-behind';
import { PausedQueues } from './paused-queues';

@Module({
  imports: [MapModule],
  providers: [
    {
      provide: PausedQueues,
      inject: [Broker, AgreedMap, Log],
      useFactory: (broker: Broker, map: AgreedMap, log: Log) => new PausedQueues(broker, map, log),
    },
    {
      provide: LeftBehind,
      inject: [Broker, AgreedMap, Log],
      useFactory: (broker: Broker, map: AgreedMap, log: Log) => new LeftBehind(broker, map, log),
    },
  ],
})
export class PausedModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly queues: PausedQueues,
    private readonly leftBehind: LeftBehind,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queues.start();
    await this.leftBehind.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.queues.stop(), this.leftBehind.stop()]);
  }
}
