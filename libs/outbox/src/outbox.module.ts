import { DatabaseClock } from '@dbem/postgres';
import { SILENT_LOG } from '@dbem/runtime';
import { Broker, RequestServers, StatusReporter } from '@dbem/transport';
import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Registry } from 'prom-client';
import { ChangePublisher } from './change-publisher.port';
import { ConfirmThenCommitChangePublisher } from './confirm-then-commit-change-publisher';
import { Heartbeat } from './heartbeat/heartbeat';
import { addOutboxGauges, type OutboxGaugesOptions } from './metrics/outbox-gauges';
import { outboxStatusOf } from './metrics/outbox-status';
import { RelayMetrics } from './metrics/relay-metrics';
import { OutboxChangePublisher } from './outbox-change-publisher';
import { OUTBOX_OPTIONS, type OutboxModuleOptions } from './outbox-options';
import { PostgresOutboxStore } from './postgres/postgres-outbox-store';
import { ReconcileSources } from './reconcile/reconcile-sources';
import { SourceRequestsController } from './reconcile/source-requests.controller';
import { Relay } from './relay/relay';
import { PublisherRequestsController } from './requests/publisher-requests.controller';
import { TombstoneSweep } from './sweep/tombstone-sweep';

export interface OutboxModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => OutboxModuleOptions;
}

/** The application's metrics; without any, a registry of which only the event managers are told. */
const METRICS = Symbol('OutboxMetrics');

/**
 * Provides the `ChangePublisher` to the whole application and runs the relay. Needs `TransportModule`; adds metrics where there
 * is a `MetricsModule`. The relay runs also under confirm-then-commit, so that a service which has changed its protocol still
 * sends what waits in its outbox.
 */
@Module({})
export class OutboxModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly relay: Relay,
    private readonly heartbeat: Heartbeat,
    private readonly sweep: TombstoneSweep,
    reporter: StatusReporter,
    requests: RequestServers,
    @Inject(OUTBOX_OPTIONS) { service, log }: OutboxModuleOptions,
    @Inject(METRICS) metrics: Registry,
  ) {
    requests.add({ service, role: 'publisher', ...(log !== undefined && { log }) });
    reporter.add(service, async () => ({ outbox: await outboxStatusOf(metrics) }));
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
        { provide: OUTBOX_OPTIONS, inject, useFactory },
        { provide: ChangePublisher, inject: [OUTBOX_OPTIONS, Broker], useFactory: publisherOf },
        {
          provide: METRICS,
          inject: [{ token: Registry, optional: true }],
          useFactory: (registry?: Registry) => registry ?? new Registry(),
        },
        { provide: Relay, inject: [OUTBOX_OPTIONS, Broker, METRICS], useFactory: relayOf },
        { provide: Heartbeat, inject: [OUTBOX_OPTIONS], useFactory: heartbeatOf },
        { provide: TombstoneSweep, inject: [OUTBOX_OPTIONS], useFactory: sweepOf },
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

function publisherOf({ service, protocol = 'outbox' }: OutboxModuleOptions, broker: Broker): ChangePublisher {
  return protocol === 'outbox'
    ? new OutboxChangePublisher(service)
    : new ConfirmThenCommitChangePublisher(broker, { service });
}

function relayOf(
  { service, pool, relay, log = SILENT_LOG }: OutboxModuleOptions,
  broker: Broker,
  registry: Registry,
): Relay {
  const observer = metricsOf(registry, { publisher: service, database: pool, log });
  return new Relay(new PostgresOutboxStore(pool, log), broker, { service, observer, ...relay, log });
}

function metricsOf(registry: Registry, options: Omit<OutboxGaugesOptions, 'clock'>): RelayMetrics {
  const clock = new DatabaseClock(options.database);
  addOutboxGauges(registry, { ...options, clock });
  return new RelayMetrics(registry, options.publisher, clock);
}

function heartbeatOf({ pool, heartbeatIntervalMs: intervalMs, log = SILENT_LOG }: OutboxModuleOptions): Heartbeat {
  return new Heartbeat(pool, { ...(intervalMs !== undefined && { intervalMs }), log });
}

function sweepOf({ pool, tombstones, log = SILENT_LOG }: OutboxModuleOptions): TombstoneSweep {
  return new TombstoneSweep(pool, { ...tombstones, log });
}
