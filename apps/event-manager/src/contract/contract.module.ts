import { Log } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { RequestClient, RequestClientModule } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { EVENT_MANAGER_CONFIG, type EventManagerConfig } from '../event-manager.config';
import { zooKeeperOptionsOf } from '../zookeeper-options';
import { ContractService } from './contract.service';
import { ContractChecksController } from './contract-checks.controller';
import { SchemaCollector } from './schema-collector';
import { SchemaStore } from './schema-store';
import { SchemasController } from './schemas.controller';

/** Schemas of entities: registered, collected, compared. */
@Module({
  imports: [RequestClientModule],
  controllers: [SchemasController, ContractChecksController],
  providers: [
    {
      provide: SchemaStore,
      inject: [EVENT_MANAGER_CONFIG, Log],
      useFactory: (config: EventManagerConfig, log: Log) => new SchemaStore({ ...zooKeeperOptionsOf(config), log }),
    },
    {
      provide: SchemaCollector,
      inject: [SchemaStore, SubscriptionRegistry, RequestClient, Log],
      useFactory: (store: SchemaStore, registry: SubscriptionRegistry, requests: RequestClient, log: Log) =>
        new SchemaCollector(store, registry, requests, log),
    },
    ContractService,
  ],
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
