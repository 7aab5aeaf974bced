export {
  type Announcement,
  type BatchHandler,
  type Binding,
  Broker,
  type BrokerHealth,
  type BrokerServer,
  type BrowseOutcome,
  type BrowseVisitor,
  type ConsumeOptions,
  type Consumption,
  type CopiedMessage,
  type Delivery,
  type ExchangeDeclaration,
  type FailedCopy,
  type OutgoingMessage,
  type QueueDeclaration,
  type QueueKind,
  type QueueState,
  type StreamDeclaration,
  type Topology,
} from './broker.port';
export { type Correlation, correlationOf } from './correlation';
export { InMemoryBroker } from './in-memory/in-memory-broker';
export { addBrokerGauges } from './metrics/broker-gauges';
export type { ParkedEvent } from './parking/parked-event';
export { ParkedEvents, type ParkedFilter, type ParkedPage, placeOf, type Redriven } from './parking/parked-events';
export { attemptsOf, firstFailedAtOf, hasRetriesLeft, parkedMessage, retriedMessage } from './parking/parking';
export { PARKING_HEADERS, withoutParkingHeaders } from './parking/parking-headers';
export {
  BrokerManagement,
  type BrokerManagementOptions,
  type BrokerNodeState,
  type InspectedQueue,
} from './provisioning/broker-management';
export { OptionalBrokerManagement } from './provisioning/optional-broker-management';
export { type ProvisionedUser, type ProvisionUserOptions, provisionUser } from './provisioning/provision-user';
export {
  type BrokerRights,
  MANAGER_RIGHTS,
  rightsOfService,
  type ServiceRightsOptions,
} from './provisioning/service-rights';
export { type BrokerVariables, brokerOptionsOf } from './rabbitmq/broker-options-of';
export { RabbitMqBroker, type RabbitMqBrokerOptions } from './rabbitmq/rabbitmq-broker';
export { writeTogether } from './rabbitmq/write-together';
export { KeptConsumption } from './rpc/kept-consumption';
export { type RpcCallOptions, RpcClient } from './rpc/rpc-client';
export { REPLY_EXCHANGE, type RpcRequest, type RpcRole, requestQueueOf } from './rpc/rpc-protocol';
export { type RpcHandler, RpcServer, type RpcServerOptions } from './rpc/rpc-server';
export {
  decodeServiceStatus,
  encodeServiceStatus,
  type HeardStatus,
  type OutboxStatus,
  type ServiceStatus,
} from './status/service-status';
export { SOFTWARE_VERSION } from './status/software-version';
export {
  type ReadinessProbe,
  type StatusPart,
  StatusReporter,
  type StatusReporterOptions,
} from './status/status-reporter';
export { closeOldWayIn } from './topology/close-old-way-in';
export { declareManagerTopology, declarePausedQueue, declareServiceTopology } from './topology/declare-topology';
export { dropServiceQueue } from './topology/drop-service-queue';
export {
  CONTROL_QUEUE,
  EVENT_EXCHANGE,
  MANAGER_QUEUE,
  MANAGER_ROUTING_KEY,
  MANAGERS_EXCHANGE,
  MAP_EXCHANGE,
  mapQueueOf,
  PARKED_KEY,
  parkedQueueOf,
  pausedQueueOf,
  REDELIVERY_EXCHANGE,
  RETRY_DELAYS_MS,
  RETRY_LANES,
  retryLaneOf,
  STATUS_EXCHANGE,
  serviceQueueOf,
  statusQueueOf,
} from './topology/topology-names';
export { TransportModule, type TransportModuleAsyncOptions } from './transport.module';
