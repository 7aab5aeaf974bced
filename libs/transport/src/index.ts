export {
  type BatchHandler,
  Broker,
  type BrokerHealth,
  type ConsumeOptions,
  type Consumption,
  type Delivery,
  type ExchangeDeclaration,
  type OutgoingMessage,
  type QueueDeclaration,
  type QueueKind,
  type QueueState,
  type Topology,
} from './broker.port';
export { type Correlation, correlationOf } from './correlation';
export { EVENT_HEADERS } from './event-headers';
export { InMemoryBroker } from './in-memory/in-memory-broker';
export { addBrokerGauges } from './metrics/broker-gauges';
export { attemptsOf, firstFailedAtOf, hasRetriesLeft, parkedMessage, retriedMessage } from './parking/parking';
export { PARKING_HEADERS, withoutParkingHeaders } from './parking/parking-headers';
export { RabbitMqBroker, type RabbitMqBrokerOptions } from './rabbitmq/rabbitmq-broker';
export { type RpcCallOptions, RpcClient } from './rpc/rpc-client';
export { REPLY_EXCHANGE, type RpcRequest, type RpcRole, requestQueueOf } from './rpc/rpc-protocol';
export { type RpcHandler, RpcServer, type RpcServerOptions } from './rpc/rpc-server';
export { declareManagerTopology, declarePausedQueue, declareServiceTopology } from './topology/declare-topology';
export {
  CONTROL_QUEUE,
  EVENT_EXCHANGE,
  MANAGER_PARKED_QUEUE,
  MANAGER_QUEUE,
  MANAGER_ROUTING_KEY,
  PARKING_EXCHANGE,
  parkedQueueOf,
  pausedQueueOf,
  REDELIVERY_EXCHANGE,
  RETRY_DELAYS_MS,
  RETRY_LANES,
  retryLaneOf,
  serviceQueueOf,
} from './topology/topology-names';
export { TransportModule, type TransportModuleAsyncOptions } from './transport.module';
