import { RequestClientModule } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ZooKeeperOptionsModule } from '../config/zookeeper-options.module';
import { ContractService } from './contract.service';
import { ContractChecksController } from './contract-checks.controller';
import { SchemaCollector } from './schema-collector';
import { SchemaStore } from './schema-store';
import { SchemasController } from './schemas.controller';

/** Registers, collects and compares the schemas of entities. */
@Module({
  imports: [RequestClientModule, ZooKeeperOptionsModule],
  controllers: [SchemasController, ContractChecksController],
  providers: [SchemaStore, SchemaCollector, ContractService],
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
