import { PROVIDED_OPTIONS, withProvided } from '@dbem/postgres';
import type { Log } from '@dbem/runtime';
import { RequestServers, StatusReporter } from '@dbem/transport';
import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { ChangePublisher } from './change-publisher.port';
import { Heartbeat } from './heartbeat/heartbeat';
import { OutboxReadings } from './metrics/outbox-readings';
import { outboxStatusOf } from './metrics/outbox-status';
import { PublishedCounts } from './metrics/published-counts';
import { type CompleteOutboxOptions, OUTBOX_OPTIONS, type OutboxModuleOptions } from './outbox-options';
import { OUTBOX_PROVIDERS } from './outbox-providers';
import { ReconcileSources } from './reconcile/reconcile-sources';
import { SourceRequestsController } from './reconcile/source-requests.controller';
import { Relay } from './relay/relay';
import { PublisherRequestsController } from './requests/publisher-requests.controller';
import { TombstoneSweep } from './sweep/tombstone-sweep';

export interface OutboxModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest passes the providers listed in `inject`.
  readonly useFactory: (...injected: any[]) => OutboxModuleOptions;
}

const GIVEN_OPTIONS = Symbol('GivenOutboxModuleOptions');

/**
 * Provides the `ChangePublisher` to the whole application and runs the relay. Requires `TransportModule`; adds metrics
 * if there is a `MetricsModule`. The relay also runs under confirm-then-commit, so that a service that has changed its
 * protocol still sends the rows in its outbox.
 */
@Module({})
export class OutboxModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly relay: Relay,
    private readonly heartbeat: Heartbeat,
    private readonly sweep: TombstoneSweep,
    reporter: StatusReporter,
    requests: RequestServers,
    @Inject(OUTBOX_OPTIONS) { service, log }: CompleteOutboxOptions,
    readings: OutboxReadings,
    published: PublishedCounts,
  ) {
    requests.add({ service, role: 'publisher', log });
    reporter.add(service, async () => ({ outbox: await outboxStatusOf(readings, published) }));
  }

  static forRoot(options: OutboxModuleOptions): DynamicModule {
    return OutboxModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ inject = [], useFactory }: OutboxModuleAsyncOptions): DynamicModule {
    return {
      module: OutboxModule,
      global: true,
      controllers: [PublisherRequestsController, SourceRequestsController],
      providers: [
        { provide: GIVEN_OPTIONS, inject, useFactory },
        {
          provide: OUTBOX_OPTIONS,
          inject: [GIVEN_OPTIONS, ...PROVIDED_OPTIONS],
          useFactory: (given: OutboxModuleOptions, pool?: Pool, metrics?: Registry, log?: Log) =>
            withProvided('OutboxModule', given, pool, metrics, log),
        },
        ...OUTBOX_PROVIDERS,
        ReconcileSources,
      ],
      exports: [ChangePublisher],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all([this.relay.start(), this.heartbeat.start(), this.sweep.start()]);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.relay.stop(), this.heartbeat.stop(), this.sweep.stop()]);
  }
}
