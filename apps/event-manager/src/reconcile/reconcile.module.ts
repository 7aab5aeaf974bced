import { ReconcileRuns } from '@dbem/observation';
import { RunStore, ZooKeeperRunStore } from '@dbem/reconcile';
import { Log } from '@dbem/runtime';
import { RequestClientModule } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ZooKeeperOptionsModule } from '../config/zookeeper-options.module';
import { ZooKeeperSessionOptions } from '../config/zookeeper-session.options';
import { ReconcileController } from './reconcile.controller';
import { ReconcileService } from './reconcile.service';
import { addReconcileGauges } from './reconcile-gauges';
import { ReconcileRunner } from './reconcile-runner';
import { ReconcileSchedulesController } from './reconcile-schedules.controller';

/** Backfill, audit and repair. Executes runs while the application is running. */
@Module({
  imports: [RequestClientModule, ZooKeeperOptionsModule],
  controllers: [ReconcileController, ReconcileSchedulesController],
  providers: [
    {
      provide: RunStore,
      inject: [ZooKeeperSessionOptions],
      useFactory: (options: ZooKeeperSessionOptions) => new ZooKeeperRunStore(options),
    },
    ReconcileRunner,
    ReconcileService,
    { provide: ReconcileRuns, useExisting: ReconcileService },
  ],
  exports: [ReconcileRuns, ReconcileService],
})
export class ReconcileModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly store: RunStore,
    private readonly runner: ReconcileRunner,
    metrics: Registry,
    log: Log,
  ) {
    addReconcileGauges(metrics, store, log);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.store.start();
    await this.runner.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.runner.stop();
    await this.store.stop();
  }
}
