import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { METRICS_TOKEN, MetricsController, MetricsGuard } from './metrics.controller';

export interface MetricsOptions {
  /** Who scrapes sends it as a bearer token. Left out: nobody may. */
  readonly token?: string | undefined;
}

export interface MetricsModuleAsyncOptions {
  readonly inject?: FactoryProvider['inject'];
  // biome-ignore lint/suspicious/noExplicitAny: Nest hands in what `inject` names.
  readonly useFactory: (...injected: any[]) => MetricsOptions;
}

/**
 * Provides the application's one `Registry`, to which libraries add their metrics where they find it, and serves it at
 * `/metrics`.
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
