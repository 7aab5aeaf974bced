import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ForwardingModule } from '../../forwarding/forwarding.module';
import { ReconcileModule } from '../../reconcile/reconcile.module';
import { LostQueueRepairs } from './lost-queue-repairs';

@Module({ imports: [ForwardingModule, ReconcileModule], providers: [LostQueueRepairs] })
export class LostQueuesModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly repairs: LostQueueRepairs) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.repairs.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.repairs.stop();
  }
}
