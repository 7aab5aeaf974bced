import { DatabaseClock, type Log, SILENT_LOG } from '@dbem/platform';
import { Broker } from '@dbem/transport';
import {
  type DynamicModule,
  type FactoryProvider,
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
import { RelayMetrics } from './metrics/relay-metrics';
import { OutboxChangePublisher } from './outbox-change-publisher';
import { PostgresOutboxStore } from './postgres/postgres-outbox-store';
import { Relay, type RelayOptions } from './relay/relay';

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
  readonly log?: Log;
}

export interface OutboxModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => OutboxModuleOptions;
}

const OPTIONS = Symbol('OutboxModuleOptions');

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
  ) {}

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
        { provide: Relay, inject: [OPTIONS, Broker, { token: Registry, optional: true }], useFactory: relayOf },
        { provide: Heartbeat, inject: [OPTIONS], useFactory: heartbeatOf },
      ],
      exports: [ChangePublisher],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all([this.relay.start(), this.heartbeat.start()]);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.relay.stop(), this.heartbeat.stop()]);
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
  registry: Registry | undefined,
): Relay {
  const observer = relay?.observer ?? (registry && metricsOf(registry, { publisher: service, database: pool, log }));
  return new Relay(new PostgresOutboxStore(pool, log), broker, {
    service,
    ...relay,
    ...(observer && { observer }),
    log,
  });
}

function metricsOf(registry: Registry, options: Omit<OutboxGaugesOptions, 'clock'>): RelayMetrics {
  const clock = new DatabaseClock(options.database);
  addOutboxGauges(registry, { ...options, clock });
  return new RelayMetrics(registry, options.publisher, clock);
}

function heartbeatOf({ pool, heartbeatIntervalMs: intervalMs, log = SILENT_LOG }: OutboxModuleOptions): Heartbeat {
  return new Heartbeat(pool, { ...(intervalMs !== undefined && { intervalMs }), log });
}
