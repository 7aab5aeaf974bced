import { LOG, type Log, Readiness } from '@dbem/platform';
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
import { RabbitMqBroker, type RabbitMqBrokerOptions } from './rabbitmq/rabbitmq-broker';
import { StatusReporter } from './status/status-reporter';

export interface TransportModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => RabbitMqBrokerOptions | Promise<RabbitMqBrokerOptions>;
}

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

  static forRoot(options: RabbitMqBrokerOptions): DynamicModule {
    return TransportModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ inject = [], useFactory }: TransportModuleAsyncOptions): DynamicModule {
    return {
      module: TransportModule,
      global: true,
      providers: [
        {
          provide: Broker,
          inject,
          useFactory: async (...injected: unknown[]) => new RabbitMqBroker(await useFactory(...injected)),
        },
        {
          provide: StatusReporter,
          inject: [Broker, { token: LOG, optional: true }],
          useFactory: (broker: Broker, log?: Log) => new StatusReporter(broker, log === undefined ? {} : { log }),
        },
      ],
      exports: [Broker, StatusReporter],
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
