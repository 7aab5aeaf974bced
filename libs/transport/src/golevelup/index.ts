export type { ConsumeMessage } from 'amqplib';
export { BrokerAmqpConnection } from './broker-amqp-connection';
export { rawBody } from './deserializers';
export { GolevelupModule } from './golevelup.module';
export type { GolevelupOptions } from './golevelup-options';
