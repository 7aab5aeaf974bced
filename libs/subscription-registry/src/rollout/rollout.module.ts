import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { MapRollout } from './map-rollout';
import { RolloutChannel } from './rollout-channel';
import { SubscriptionMapEditor } from './subscription-map-editor';

/**
 * How managers agree on the map. It is started before, and stopped after, the modules that import it: who consumes events by
 * the map has stopped by then.
 */
@Module({
  providers: [RolloutChannel, MapRollout, SubscriptionMapEditor],
  exports: [SubscriptionMapEditor, MapRollout],
})
export class RolloutModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly rollout: MapRollout) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.rollout.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.rollout.stop();
  }
}
