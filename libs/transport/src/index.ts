export {
  type BatchHandler,
  Broker,
  type BrokerHealth,
  type BrowseOutcome,
  type BrowseVisitor,
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
export { InMemoryBroker } from './in-memory/in-memory-broker';
export type { ParkedEvent } from './parking/parked-event';
export { ParkedEvents, type ParkedFilter, type ParkedPage, placeOf, type Redriven } from './parking/parked-events';
export { attemptsOf, firstFailedAtOf, hasRetriesLeft, parkedMessage, retriedMessage } from './parking/parking';
export { PARKING_HEADERS, withoutParkingHeaders } from './parking/parking-headers';
export { RabbitMqBroker, type RabbitMqBrokerOptions } from './rabbitmq/rabbitmq-broker';
export { type RpcCallOptions, RpcClient } from './rpc/rpc-client';
export { REPLY_EXCHANGE, type RpcRequest, type RpcRole, requestQueueOf } from './rpc/rpc-protocol';
export { type RpcHandler, RpcServer, type RpcServerOptions } from './rpc/rpc-server';
export { declareManagerTopology, declareServiceTopology } from './topology/declare-topology';
export {
  CONTROL_QUEUE,
  EVENT_EXCHANGE,
  MANAGER_PARKED_QUEUE,
  MANAGER_QUEUE,
  MANAGER_ROUTING_KEY,
  PARKING_EXCHANGE,
  parkedQueueOf,
  REDELIVERY_EXCHANGE,
  RETRY_DELAYS_MS,
  RETRY_LANES,
  retryLaneOf,
  serviceQueueOf,
} from './topology/topology-names';
export { TransportModule, type TransportModuleAsyncOptions } from './transport.module';
