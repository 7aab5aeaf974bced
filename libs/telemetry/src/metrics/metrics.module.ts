import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { METRICS_TOKEN, MetricsController, MetricsGuard } from './metrics.controller';

export interface MetricsOptions {
  /** Bearer token of scrapers. Without a token every request is rejected. */
  readonly token?: string | undefined;
}

export interface MetricsModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest injects the values of `inject`.
  readonly useFactory: (...injected: any[]) => MetricsOptions;
}

/**
 * Provides the application's `Registry` and serves it at `/metrics`. Libraries add their metrics to it if it is
 * provided.
 */
@Module({})
export class MetricsModule {
  static forRoot(options: MetricsOptions): DynamicModule {
    return MetricsModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ inject = [], useFactory }: MetricsModuleAsyncOptions): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: [MetricsController],
      providers: [
        { provide: METRICS_TOKEN, inject, useFactory: (...injected) => useFactory(...injected).token },
        { provide: Registry, useFactory: registryOfThisProcess },
        MetricsGuard,
      ],
      exports: [Registry],
    };
  }
}

function registryOfThisProcess(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
