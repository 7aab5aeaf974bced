import { RolloutModule } from '@dbem/subscription-registry';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { OrphanedMessages } from './orphaned-messages';
import { PausedQueues } from './paused-queues';

@Module({
  imports: [RolloutModule],
  providers: [PausedQueues, OrphanedMessages],
})
export class PausedModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly queues: PausedQueues,
    private readonly orphanedMessages: OrphanedMessages,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queues.start();
    await this.orphanedMessages.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.queues.stop(), this.orphanedMessages.stop()]);
  }
}
