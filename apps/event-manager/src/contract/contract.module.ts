import { LOG, type Log } from '@dbem/platform';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { RpcClient } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { EVENT_MANAGER_CONFIG, type EventManagerConfig } from '../event-manager.config';
import { RpcModule } from '../rpc/rpc.module';
import { zooKeeperOptionsOf } from '../zookeeper-options';
import { ContractService } from './contract.service';
import { SchemaCollector } from './schema-collector';
import { SchemaStore } from './schema-store';

/** Schemas of entities: registered, collected, compared. */
@Module({
  imports: [RpcModule],
  providers: [
    {
      provide: SchemaStore,
      inject: [EVENT_MANAGER_CONFIG, LOG],
      useFactory: (config: EventManagerConfig, log: Log) => new SchemaStore({ ...zooKeeperOptionsOf(config), log }),
    },
    {
      provide: SchemaCollector,
      inject: [SchemaStore, SubscriptionRegistry, RpcClient, LOG],
      useFactory: (store: SchemaStore, registry: SubscriptionRegistry, rpc: RpcClient, log: Log) =>
        new SchemaCollector(store, registry, rpc, log),
    },
    ContractService,
  ],
  exports: [ContractService],
})
export class ContractModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly store: SchemaStore,
    private readonly collector: SchemaCollector,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.store.start();
    await this.collector.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.collector.stop();
    await this.store.stop();
  }
}
