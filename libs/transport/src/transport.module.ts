import { Log, Readiness } from '@dbem/runtime';
import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Registry } from 'prom-client';
import { Broker } from './broker.port';
import { addBrokerGauges } from './metrics/broker-gauges';
import { RequestMetrics } from './nest/request-metrics';
import { RequestServers } from './nest/request-servers';
import { OptionalBrokerManagement } from './provisioning/optional-broker-management';
import { RabbitMqBroker, type RabbitMqBrokerOptions } from './rabbitmq/rabbitmq-broker';
import { QueueContents } from './senders/queue-contents';
import { StatusReporter } from './status/status-reporter';

export interface TransportModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest passes the providers listed in `inject`.
  readonly useFactory: (...injected: any[]) => TransportOptions | Promise<TransportOptions>;
}

export interface TransportOptions extends RabbitMqBrokerOptions {
  /** RabbitMQ's management API with an administrator's user and password. Default: none. */
  readonly managementUrl?: string | undefined;
}

const TRANSPORT_OPTIONS = Symbol('TransportOptions');

/**
 * Provides the `Broker` to the whole application. It starts when the module is initialised and stops in Nest's last
 * shutdown hook, `onApplicationShutdown`; its users must stop in an earlier one. Also provides the `StatusReporter`,
 * which reports the process's status to the event managers while the application runs.
 */
@Module({})
export class TransportModule implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly broker: Broker,
    private readonly reporter: StatusReporter,
    private readonly moduleRef: ModuleRef,
    @Optional() metrics?: Registry,
  ) {
    if (metrics !== undefined) addBrokerGauges(metrics, broker);
  }

  static forRoot(options: TransportOptions): DynamicModule {
    return TransportModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ inject = [], useFactory }: TransportModuleAsyncOptions): DynamicModule {
    return {
      module: TransportModule,
      global: true,
      providers: [
        { provide: TRANSPORT_OPTIONS, inject, useFactory },
        {
          provide: Broker,
          inject: [TRANSPORT_OPTIONS],
          useFactory: (options: TransportOptions) => new RabbitMqBroker(options),
        },
        {
          provide: OptionalBrokerManagement,
          inject: [TRANSPORT_OPTIONS],
          useFactory: ({ url, managementUrl }: TransportOptions) => new OptionalBrokerManagement(url, managementUrl),
        },
        {
          provide: StatusReporter,
          inject: [Broker, { token: Log, optional: true }],
          useFactory: (broker: Broker, log?: Log) => new StatusReporter(broker, log === undefined ? {} : { log }),
        },
        QueueContents,
        RequestServers,
        RequestMetrics,
      ],
      exports: [Broker, QueueContents, OptionalBrokerManagement, StatusReporter, RequestServers, RequestMetrics],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.broker.start();
  }

  async onApplicationBootstrap(): Promise<void> {
    const readiness = this.readiness();
    if (readiness !== undefined) this.reporter.probeReadinessBy(() => readiness.check());
    await this.reporter.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.reporter.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.broker.stop();
  }

  /** Resolved late, because it depends on modules that depend on this one. Undefined in an application without it. */
  private readiness(): Readiness | undefined {
    try {
      return this.moduleRef.get(Readiness, { strict: false });
    } catch {
      return undefined;
    }
  }
}
