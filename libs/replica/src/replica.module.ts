import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { RegisteredHandlers } from './handlers/registered-handlers';
import { ComparedReplicaController } from './reconcile/compared-replica.controller';
import { ReplicationController } from './replication.controller';
import { REPLICATION_OPTIONS, type ReplicationOptions } from './replication-options';
import { ReplicaRequestsController } from './requests/replica-requests.controller';
import { RunningReplication } from './running-replication';

export interface ReplicaModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => ReplicationOptions;
}

/**
 * Finds the application's `@Replicates` classes, subscribes to what they handle and applies what comes; serves
 * `/replication`. Needs `TransportModule`. Takes no more events from Nest's first shutdown hook on.
 */
@Module({})
export class ReplicaModule {
  static forRoot(options: ReplicationOptions): DynamicModule {
    return ReplicaModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ inject = [], useFactory }: ReplicaModuleAsyncOptions): DynamicModule {
    return {
      module: ReplicaModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [ReplicationController, ReplicaRequestsController, ComparedReplicaController],
      providers: [{ provide: REPLICATION_OPTIONS, inject, useFactory }, RegisteredHandlers, RunningReplication],
      exports: [RunningReplication],
    };
  }
}
