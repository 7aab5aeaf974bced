import { Log } from '@dbem/runtime';
import { Broker, RpcClient } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

/** Provides the `RpcClient`, by which the event manager asks services; started and stopped with the application. */
@Module({
  providers: [
    { provide: RpcClient, inject: [Broker, Log], useFactory: (broker: Broker, log: Log) => new RpcClient(broker, log) },
  ],
  exports: [RpcClient],
})
export class RpcModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly client: RpcClient) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.client.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.client.stop();
  }
}
