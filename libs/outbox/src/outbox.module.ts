import { type Log, SILENT_LOG } from '@dbem/platform';
import { Broker } from '@dbem/transport';
import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Pool } from 'pg';
import { ChangePublisher } from './change-publisher.port';
import { ConfirmThenCommitChangePublisher } from './confirm-then-commit-change-publisher';
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
  readonly log?: Log;
}

export interface OutboxModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => OutboxModuleOptions;
}

const OPTIONS = Symbol('OutboxModuleOptions');

/**
 * Provides the `ChangePublisher` to the whole application and runs the relay. Needs `TransportModule`. The relay runs also
 * under confirm-then-commit, so that a service which has changed its protocol still sends what waits in its outbox.
 */
@Module({})
export class OutboxModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly relay: Relay) {}

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
        { provide: Relay, inject: [OPTIONS, Broker], useFactory: relayOf },
      ],
      exports: [ChangePublisher],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.relay.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.relay.stop();
  }
}

function publisherOf({ service, protocol = 'outbox' }: OutboxModuleOptions, broker: Broker): ChangePublisher {
  return protocol === 'outbox'
    ? new OutboxChangePublisher(service)
    : new ConfirmThenCommitChangePublisher(broker, { service });
}

function relayOf({ service, pool, relay, log = SILENT_LOG }: OutboxModuleOptions, broker: Broker): Relay {
  return new Relay(new PostgresOutboxStore(pool, log), broker, { service, ...relay, log });
}
