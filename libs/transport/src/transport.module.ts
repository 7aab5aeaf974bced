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
import { StatusReporter } from './status/status-reporter';

export interface TransportModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => TransportOptions | Promise<TransportOptions>;
}

export interface TransportOptions extends RabbitMqBrokerOptions {
  /** RabbitMQ's management API with an administrator's user and password. Default: none. */
  readonly managementUrl?: string | undefined;
}

const TRANSPORT_OPTIONS = Symbol('TransportOptions');

/**
 * Provides the `Broker` to the whole application. It is started when the module is initialised and stopped at Nest's last
 * shutdown hook, `onApplicationShutdown`: who uses it must have stopped in an earlier one. Provides the `StatusReporter`, too, which
 * tells the event managers how the process is from the application's start to its stop.
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
        RequestServers,
        RequestMetrics,
      ],
      exports: [Broker, OptionalBrokerManagement, StatusReporter, RequestServers, RequestMetrics],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.broker.start();
  }

  async onApplicationBootstrap(): Promise<void> {
    const readiness = this.readiness();
    if (readiness !== undefined) this.reporter.probeReadinessBy(() => readiness.look());
    await this.reporter.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.reporter.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.broker.stop();
  }

  /** Looked up late: it depends on much that itself depends on this module. Undefined in an application without health. */
  private readiness(): Readiness | undefined {
    try {
      return this.moduleRef.get(Readiness, { strict: false });
    } catch {
      return undefined;
    }
  }
}
