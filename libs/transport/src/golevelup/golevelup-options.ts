import type { RabbitMQConfig } from '@golevelup/nestjs-rabbitmq';
import { ConfigurableModuleBuilder } from '@nestjs/common';

/** golevelup's own options, as far as they make sense on our connection, and one of ours. */
export interface GolevelupOptions
  extends Pick<RabbitMQConfig, 'name' | 'handlers' | 'defaultHandler' | 'deserializer' | 'serializer' | 'logger'> {
  /** What the name of a queue begins with whose handler names none. The broker user must be allowed to declare it. Default: `broadcast.` */
  readonly queuePrefix?: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: GOLEVELUP_OPTIONS } =
  new ConfigurableModuleBuilder<GolevelupOptions>({ moduleName: 'Golevelup' }).setClassMethodName('forRoot').build();
