import { PROVIDED_OPTIONS, withProvided } from '@dbem/postgres';
import { type Log, Readiness } from '@dbem/runtime';
import { RequestServers, StatusReporter } from '@dbem/transport';
import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { HandlerTable } from './handlers/handler-table';
import { EventCounts } from './metrics/event-counts';
import { receivedStatusOf } from './metrics/received-status';
import { ComparedReplicaController } from './reconcile/compared-replica.controller';
import { REPLICA_PROVIDERS } from './replica-providers';
import { Replication } from './replication';
import { ReplicationController } from './replication.controller';
import { type CompleteReplicationOptions, REPLICATION_OPTIONS, type ReplicationOptions } from './replication-options';
import { ReplicaRequestsController } from './requests/replica-requests.controller';

export interface ReplicaModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest passes the providers of `inject`.
  readonly useFactory: (...injected: any[]) => ReplicationOptions;
}

const GIVEN_OPTIONS = Symbol('GivenReplicationOptions');

/**
 * Finds the application's `@Replicates` classes, subscribes to the entities that they handle, and applies the received
 * events. Serves `/replication`. Needs `TransportModule`. Stops consuming in Nest's first shutdown hook.
 */
@Module({})
export class ReplicaModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly replication: Replication,
    @Inject(REPLICATION_OPTIONS) { service, log }: CompleteReplicationOptions,
    { publishers }: HandlerTable,
    counts: EventCounts,
    requests: RequestServers,
    reporter: StatusReporter,
    @Optional() readiness?: Readiness,
  ) {
    requests.add({ service, role: 'replica', log });
    reporter.add(service, async () => ({ received: receivedStatusOf(counts, publishers) }));
    readiness?.add('replication', () => ({
      isUp: replication.isReplicating,
      details: { subscriptions: replication.subscriptions.states },
    }));
  }

  static forRoot(options: ReplicationOptions): DynamicModule {
    return ReplicaModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ inject = [], useFactory }: ReplicaModuleAsyncOptions): DynamicModule {
    return {
      module: ReplicaModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [ReplicationController, ReplicaRequestsController, ComparedReplicaController],
      providers: [
        { provide: GIVEN_OPTIONS, inject, useFactory },
        {
          provide: REPLICATION_OPTIONS,
          inject: [GIVEN_OPTIONS, ...PROVIDED_OPTIONS],
          useFactory: (given: ReplicationOptions, pool?: Pool, metrics?: Registry, log?: Log) =>
            withProvided('ReplicaModule', given, pool, metrics, log),
        },
        ...REPLICA_PROVIDERS,
      ],
      exports: [Replication],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.replication.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.replication.stop();
  }
}
