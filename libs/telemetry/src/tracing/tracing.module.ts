import {
  type DynamicModule,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Tracing } from './tracing';
import { TracingMiddleware } from './tracing.middleware';

/** Polled by orchestrators and scrapers. */
const UNTRACED_PATHS = ['health/*path', 'metrics'];

export interface TracingOptions {
  /** The service's name in traces. */
  readonly service: string;
}

/** Traces HTTP requests and the operations within them; see `Tracing` for how to turn it on. */
@Module({})
export class TracingModule implements NestModule, OnModuleInit, OnApplicationShutdown {
  constructor(private readonly tracing: Tracing) {}

  static forRoot({ service }: TracingOptions): DynamicModule {
    return {
      module: TracingModule,
      providers: [{ provide: Tracing, useFactory: () => new Tracing(service) }],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(TracingMiddleware)
      .exclude(...UNTRACED_PATHS)
      .forRoutes('*path');
  }

  async onModuleInit(): Promise<void> {
    await this.tracing.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tracing.stop();
  }
}
