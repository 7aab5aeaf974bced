import { DatabaseClock } from '@dbem/postgres';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import { Broker, RpcServer, StatusReporter } from '@dbem/transport';
import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Pool } from 'pg';
import { Registry } from 'prom-client';
import { ChangePublisher } from './change-publisher.port';
import { ConfirmThenCommitChangePublisher } from './confirm-then-commit-change-publisher';
import { Heartbeat } from './heartbeat/heartbeat';
import { addOutboxGauges, type OutboxGaugesOptions } from './metrics/outbox-gauges';
import { outboxStatusOf } from './metrics/outbox-status';
import { RelayMetrics } from './metrics/relay-metrics';
import { OutboxChangePublisher } from './outbox-change-publisher';
import { PostgresOutboxStore } from './postgres/postgres-outbox-store';
import type { AnyReconcileSource } from './reconcile/reconcile-source';
import { schemasOf } from './reconcile/schemas-of';
import { serveSources } from './reconcile/serve-sources';
import { Relay, type RelayOptions } from './relay/relay';
import { sourceEntity } from './rpc/source-entity';
import { TombstoneSweep, type TombstoneSweepOptions } from './sweep/tombstone-sweep';

export type PublishProtocol = 'outbox' | 'confirm-then-commit';

export interface OutboxModuleOptions {
  /** The publisher's name on the wire. */
  readonly service: string;
  /** The service's own database; `outboxMigrations` must have run by the time that changes are published. */
  readonly pool: Pool;
  /** Default: outbox. */
  readonly protocol?: PublishProtocol;
  readonly relay?: Pick<RelayOptions, 'batchSize' | 'pollIntervalMs' | 'observer'>;
  /** How often subscribers get a sign of life, ms; 0: never. Default: 10,000. */
  readonly heartbeatIntervalMs?: number;
  /** How the service's entities are read back, by whose replicas are filled, audited and repaired. Default: none. */
  readonly sources?: readonly AnyReconcileSource[];
  /** Of the versions of entities that were deleted long ago. */
  readonly tombstones?: Pick<TombstoneSweepOptions, 'minAgeMs' | 'intervalMs'>;
  readonly log?: Log;
}

export interface OutboxModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => OutboxModuleOptions;
}

const OPTIONS = Symbol('OutboxModuleOptions');

/** The application's metrics; without any, a registry of which only the event managers are told. */
const METRICS = Symbol('OutboxMetrics');

/** The `RpcServer` of what the event manager may ask of a publisher; methods may be added until `onApplicationBootstrap`. */
export const PUBLISHER_RPC = Symbol('PublisherRpc');

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
    @Inject(PUBLISHER_RPC) private readonly rpc: RpcServer,
    reporter: StatusReporter,
    @Inject(OPTIONS) { service }: OutboxModuleOptions,
    @Inject(METRICS) metrics: Registry,
  ) {
    reporter.add(service, async () => ({ outbox: await outboxStatusOf(metrics) }));
  }

  static forRoot(options: OutboxModuleOptions): DynamicModule {
    return OutboxModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ inject = [], useFactory }: OutboxModuleAsyncOptions): DynamicModule {
    return {
      module: OutboxModule,
      global: true,
      providers: [
        { provide: OPTIONS, inject, useFactory },
        { provide: ChangePublisher, inject: [OPTIONS, Broker], useFactory: publisherOf },
        {
          provide: METRICS,
          inject: [{ token: Registry, optional: true }],
          useFactory: (registry?: Registry) => registry ?? new Registry(),
        },
        { provide: Relay, inject: [OPTIONS, Broker, METRICS], useFactory: relayOf },
        { provide: Heartbeat, inject: [OPTIONS], useFactory: heartbeatOf },
        { provide: TombstoneSweep, inject: [OPTIONS], useFactory: sweepOf },
        { provide: PUBLISHER_RPC, inject: [OPTIONS, Broker], useFactory: rpcOf },
      ],
      exports: [ChangePublisher, PUBLISHER_RPC],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all([this.relay.start(), this.heartbeat.start(), this.sweep.start(), this.rpc.start()]);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.relay.stop(), this.heartbeat.stop(), this.sweep.stop(), this.rpc.stop()]);
  }
}

function publisherOf({ service, protocol = 'outbox' }: OutboxModuleOptions, broker: Broker): ChangePublisher {
  return protocol === 'outbox'
    ? new OutboxChangePublisher(service)
    : new ConfirmThenCommitChangePublisher(broker, { service });
}

function rpcOf({ service, pool, sources = [], log = SILENT_LOG }: OutboxModuleOptions, broker: Broker): RpcServer {
  const server = new RpcServer(broker, { service, role: 'publisher', log });
  server
    .on('publisher.entity', (params) => sourceEntity(pool, params))
    .on('publisher.schemas', async () => schemasOf(sources));
  serveSources(server, sources, { pool, broker, service });
  return server;
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
