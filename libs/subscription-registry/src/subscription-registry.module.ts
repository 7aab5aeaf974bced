import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import {
  InMemorySubscriptionRegistry,
  type InMemorySubscriptionStore,
} from './in-memory/in-memory-subscription-registry';
import { SubscriptionRegistry } from './subscription-registry.port';
import {
  ZooKeeperSubscriptionRegistry,
  type ZooKeeperSubscriptionRegistryOptions,
} from './zookeeper/zookeeper-subscription-registry';

export type SubscriptionRegistryOptions =
  | ({ readonly store: 'zookeeper' } & ZooKeeperSubscriptionRegistryOptions)
  /** Applications in one process with the same `shared` share the map; it is lost when the process ends. */
  | { readonly store: 'in-memory'; readonly shared?: InMemorySubscriptionStore };

export interface SubscriptionRegistryModuleAsyncOptions {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest passes the providers listed in `inject`.
  readonly useFactory: (...injected: any[]) => SubscriptionRegistryOptions;
}

/** Provides the `SubscriptionRegistry`; started with the module, stopped at Nest's last shutdown hook. */
@Module({})
export class SubscriptionRegistryModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly registry: SubscriptionRegistry) {}

  static forRoot(options: SubscriptionRegistryOptions): DynamicModule {
    return SubscriptionRegistryModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({
    imports = [],
    inject = [],
    useFactory,
  }: SubscriptionRegistryModuleAsyncOptions): DynamicModule {
    return {
      module: SubscriptionRegistryModule,
      global: true,
      imports,
      providers: [
        {
          provide: SubscriptionRegistry,
          inject,
          useFactory: (...injected: unknown[]) => registryOf(useFactory(...injected)),
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

function registryOf(options: SubscriptionRegistryOptions): SubscriptionRegistry {
  return options.store === 'zookeeper'
    ? new ZooKeeperSubscriptionRegistry(options)
    : new InMemorySubscriptionRegistry(options.shared);
}
