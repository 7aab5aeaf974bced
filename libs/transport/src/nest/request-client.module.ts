import { Log } from '@dbem/runtime';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Broker } from '../broker.port';
import { RequestClient } from './request-client';

/** Provides the `RequestClient` for requests to services. It starts and stops with the application. */
@Module({
  providers: [
    {
      provide: RequestClient,
      inject: [Broker, { token: Log, optional: true }],
      useFactory: (broker: Broker, log?: Log) => new RequestClient(broker, log),
    },
  ],
  exports: [RequestClient],
})
export class RequestClientModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly client: RequestClient) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.client.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.client.stop();
  }
}
