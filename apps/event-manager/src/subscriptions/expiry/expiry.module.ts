import { MapModule } from '@dbem/subscription-registry';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { IntakeModule } from '../../intake/intake.module';
import { LapseKeeper } from './lapse-keeper';

@Module({ imports: [IntakeModule, MapModule], providers: [LapseKeeper] })
export class ExpiryModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly keeper: LapseKeeper) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.keeper.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.keeper.stop();
  }
}
