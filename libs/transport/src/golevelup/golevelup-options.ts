import type { RabbitMQConfig } from '@golevelup/nestjs-rabbitmq';
import { ConfigurableModuleBuilder } from '@nestjs/common';

/** The options of golevelup that this connection supports, and `queuePrefix`. */
export interface GolevelupOptions
  extends Pick<RabbitMQConfig, 'name' | 'handlers' | 'defaultHandler' | 'deserializer' | 'serializer' | 'logger'> {
  /**
   * Name prefix of the queues of handlers without a `queue`. The broker user needs the permission to configure such
   * queues. Default: `broadcast.`
   */
  readonly queuePrefix?: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: GOLEVELUP_OPTIONS } =
  new ConfigurableModuleBuilder<GolevelupOptions>({ moduleName: 'Golevelup' }).setClassMethodName('forRoot').build();
