import { AmqpConnection, AmqpConnectionManager, RabbitRpcParamsFactory } from '@golevelup/nestjs-rabbitmq';
import { Global, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BrokerAmqpConnection } from './broker-amqp-connection';
import { ConfigurableModuleClass } from './golevelup-options';
import { RabbitHandlers } from './rabbit-handlers';

/**
 * golevelup's decorators on the application's `Broker`: while the application runs, `@RabbitSubscribe` methods of its
 * providers and controllers receive messages. Provides golevelup's `AmqpConnection` and `AmqpConnectionManager`.
 *
 * It replaces golevelup's `RabbitMQModule`, whose connection manager is shared by all applications of a process: the
 * first one that shuts down closes the connections of all.
 */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    BrokerAmqpConnection,
    { provide: AmqpConnection, useExisting: BrokerAmqpConnection },
    AmqpConnectionManager,
    RabbitRpcParamsFactory,
    RabbitHandlers,
  ],
  exports: [AmqpConnection, AmqpConnectionManager],
})
export class GolevelupModule extends ConfigurableModuleClass implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly connections: AmqpConnectionManager,
    private readonly handlers: RabbitHandlers,
    connection: AmqpConnection,
  ) {
    super();
    connections.addConnection(connection);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.handlers.register();
  }

  async onModuleDestroy(): Promise<void> {
    await this.connections.close();
  }
}
