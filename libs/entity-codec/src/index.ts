export type { EntityCodec } from './entity-codec.port';
export type { DecodedMessage, Reply, SubscriptionRequest } from './message';
