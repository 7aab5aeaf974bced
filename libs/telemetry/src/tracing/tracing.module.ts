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

/** Asked by orchestrators and scrapers, day and night. */
const UNTRACED_PATHS = ['health/*path', 'metrics'];

export interface TracingOptions {
  /** The service's name in traces. */
  readonly service: string;
}

/** Traces HTTP requests and what follows from them; see `Tracing` for what switches it on. */
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
