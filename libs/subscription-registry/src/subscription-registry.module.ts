import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { SubscriptionRegistry } from './subscription-registry.port';
import {
  ZooKeeperSubscriptionRegistry,
  type ZooKeeperSubscriptionRegistryOptions,
} from './zookeeper/zookeeper-subscription-registry';

export interface SubscriptionRegistryModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => ZooKeeperSubscriptionRegistryOptions;
}

/** Provides the `SubscriptionRegistry`; started with the module, stopped at Nest's last shutdown hook. */
@Module({})
export class SubscriptionRegistryModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly registry: SubscriptionRegistry) {}

  static forRootAsync({ inject = [], useFactory }: SubscriptionRegistryModuleAsyncOptions): DynamicModule {
    return {
      module: SubscriptionRegistryModule,
      global: true,
      providers: [
        {
          provide: SubscriptionRegistry,
          inject,
          useFactory: (...injected: unknown[]) => new ZooKeeperSubscriptionRegistry(useFactory(...injected)),
        },
      ],
      exports: [SubscriptionRegistry],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.registry.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.registry.stop();
  }
}
