import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { Registry } from 'prom-client';
import { Broker } from './broker.port';
import { addBrokerGauges } from './metrics/broker-gauges';
import { RabbitMqBroker, type RabbitMqBrokerOptions } from './rabbitmq/rabbitmq-broker';

export interface TransportModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => RabbitMqBrokerOptions | Promise<RabbitMqBrokerOptions>;
}

/**
 * Provides the `Broker` to the whole application. It is started when the module is initialised and stopped at Nest's last
 * shutdown hook, `onApplicationShutdown`: who uses it must have stopped in an earlier one.
 */
@Module({})
export class TransportModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly broker: Broker,
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
      ],
      exports: [Broker],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.broker.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.broker.stop();
  }
}
