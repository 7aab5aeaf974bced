import { LOG, type Log } from '@dbem/platform';
import { Broker } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AgreedMap } from '../map/agreed-map';
import { MapModule } from '../map/map.module';
import { LeftBehind } from './left-behind';
import { PausedQueues } from './paused-queues';

@Module({
  imports: [MapModule],
  providers: [
    {
      provide: PausedQueues,
      inject: [Broker, AgreedMap, LOG],
      useFactory: (broker: Broker, map: AgreedMap, log: Log) => new PausedQueues(broker, map, log),
    },
    {
      provide: LeftBehind,
      inject: [Broker, AgreedMap, LOG],
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
