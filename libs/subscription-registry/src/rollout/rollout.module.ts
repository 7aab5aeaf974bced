import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { MapRollout } from './map-rollout';
import { RolloutChannel } from './rollout-channel';
import { SubscriptionMapEditor } from './subscription-map-editor';

/**
 * Rolls out changes of the map to all managers. It is started before, and stopped after, the modules that import it, so
 * that consumers of events have stopped before it stops.
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
