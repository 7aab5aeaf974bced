import { LOG, type Log } from '@dbem/platform';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FlowRecorder } from '../flow/flow-recorder';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { ReconcileService } from '../reconcile/reconcile.service';
import { HeardManagers } from '../status/heard-managers';
import { HeardServices } from '../status/heard-services';
import { StatusModule } from '../status/status.module';
import { Backfills } from './backfills';
import { Onlookers } from './onlookers';
import { QueueLevels } from './queue-levels';
import { TopologyFeed } from './topology-feed';
import { TopologyView } from './topology-view';

/** What the whole system looks like at the moment. */
@Module({
  imports: [StatusModule, ReconcileModule],
  providers: [
    Onlookers,
    {
      provide: QueueLevels,
      inject: [Broker, SubscriptionRegistry, Onlookers, FlowRecorder, LOG],
      useFactory: (
        broker: Broker,
        registry: SubscriptionRegistry,
        onlookers: Onlookers,
        flow: FlowRecorder,
        log: Log,
      ) => new QueueLevels(broker, registry, onlookers, flow, log),
    },
    {
      provide: Backfills,
      inject: [ReconcileService, Onlookers, LOG],
      useFactory: (runs: ReconcileService, onlookers: Onlookers, log: Log) => new Backfills(runs, onlookers, log),
    },
    {
      provide: TopologyView,
      inject: [SubscriptionRegistry, HeardServices, HeardManagers, QueueLevels, Backfills, FlowRecorder],
      useFactory: (
        registry: SubscriptionRegistry,
        services: HeardServices,
        managers: HeardManagers,
        levels: QueueLevels,
        backfills: Backfills,
        flow: FlowRecorder,
      ) => new TopologyView(registry, services, managers, levels, backfills, flow),
    },
    {
      provide: TopologyFeed,
      inject: [TopologyView, Onlookers],
      useFactory: (view: TopologyView, onlookers: Onlookers) => new TopologyFeed(view, onlookers),
    },
  ],
  exports: [TopologyFeed],
})
export class LiveModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly levels: QueueLevels,
    private readonly backfills: Backfills,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.levels.start();
    await this.backfills.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.levels.stop(), this.backfills.stop()]);
  }
}
