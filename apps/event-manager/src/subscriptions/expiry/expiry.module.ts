import { RolloutModule } from '@dbem/subscription-registry';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ForwardingModule } from '../../forwarding/forwarding.module';
import { IntakeModule } from '../../intake/intake.module';
import { ExpiryMonitor } from './expiry-monitor';

@Module({ imports: [ForwardingModule, IntakeModule, RolloutModule], providers: [ExpiryMonitor] })
export class ExpiryModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly monitor: ExpiryMonitor) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.monitor.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.monitor.stop();
  }
}
