import { MapModule } from '@dbem/subscription-registry';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LeftBehind } from './left-behind';
import { PausedQueues } from './paused-queues';

@Module({
  imports: [MapModule],
  providers: [PausedQueues, LeftBehind],
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
