import { LOG, type Log } from '@dbem/platform';
import { Broker } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AgreedMap } from '../map/agreed-map';
import { MapModule } from '../map/map.module';
import { PausedQueues } from './paused-queues';

@Module({
  imports: [MapModule],
  providers: [
    {
      provide: PausedQueues,
      inject: [Broker, AgreedMap, LOG],
      useFactory: (broker: Broker, map: AgreedMap, log: Log) => new PausedQueues(broker, map, log),
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
