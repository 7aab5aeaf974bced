import { LOG, type Log } from '@dbem/platform';
import { RunStore } from '@dbem/reconcile';
import { Broker, RpcClient } from '@dbem/transport';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Registry } from 'prom-client';
import { EVENT_MANAGER_CONFIG, type EventManagerConfig } from '../event-manager.config';
import { addReconcileGauges } from '../metrics/reconcile-gauges';
import { RpcModule } from '../rpc/rpc.module';
import { zooKeeperOptionsOf } from '../zookeeper-options';
import { ReconcileService } from './reconcile.service';
import { ReconcileRunner } from './reconcile-runner';
import { ZooKeeperRunStore } from './zookeeper/zookeeper-run-store';

/** Backfill, audit and repair. Runs are carried out from the application's start to its stop. */
@Module({
  imports: [RpcModule],
  providers: [
    {
      provide: RunStore,
      inject: [EVENT_MANAGER_CONFIG, LOG],
      useFactory: (config: EventManagerConfig, log: Log) =>
        new ZooKeeperRunStore({ ...zooKeeperOptionsOf(config), log }),
    },
    {
      provide: ReconcileRunner,
      inject: [RunStore, Broker, RpcClient, LOG],
      useFactory: (store: RunStore, broker: Broker, client: RpcClient, log: Log) =>
        new ReconcileRunner(store, broker, client, log),
    },
    ReconcileService,
  ],
  exports: [ReconcileService],
})
export class ReconcileModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly store: RunStore,
    private readonly runner: ReconcileRunner,
    metrics: Registry,
    @Inject(LOG) log: Log,
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
