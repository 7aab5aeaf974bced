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
export { connectRequests } from './nest/connect-requests';
export { type AskOptions, RequestClient, type RequestPattern } from './nest/request-client';
export { RequestClientModule } from './nest/request-client.module';
export { RequestContext } from './nest/request-context';
export { RequestController } from './nest/request-controller.decorator';
export type { IsTransient } from './nest/request-failure.filter';
export { RequestMetrics } from './nest/request-metrics';
export { RequestServer, type RequestServerOptions } from './nest/request-server';
export { RequestServers, type RequestStrategy } from './nest/request-servers';
export { RequestTelemetryInterceptor } from './nest/request-telemetry.interceptor';
export { PUBLISHER_REQUESTS, REPLICA_REQUESTS } from './nest/request-transports';
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
export {
  ComparedReplicaMethods,
  DigestQuery,
  OfReplica,
  ReplicaDescription,
  ReplicaLookQuery,
  ReplicaRowsQuery,
} from './requests/compared-replica-methods';
export { KeyRange, LookedAt, RangeDigest, RowDigest } from './requests/comparison.dto';
export { ReplicaEntityKey, SourceEntityKey } from './requests/entity-key.dto';
export { FORECAST_OUTCOMES, Forecast, type ForecastOutcome } from './requests/forecast.dto';
export { HeldListing, HeldPage, HeldQuery } from './requests/held.dto';
export { PublishedSchema, PublisherMethods, SourceEntity } from './requests/publisher-methods';
export {
  HeldVersion,
  RehearsalQuery,
  RehearsedEvent,
  ReplicaMethods,
  ReplicatedEntity,
  VersionsQuery,
} from './requests/replica-methods';
export { RequestMethod } from './requests/request-method';
export { REPLY_EXCHANGE, type RequestRole, requestQueueOf } from './requests/request-wire';
export {
  CutQuery,
  CutRanges,
  Ghost,
  GhostsToBury,
  OfSource,
  RangeToSend,
  RowsToSend,
  RowToSend,
  Sent,
  SentOfRange,
  SourceDescription,
  SourceLookQuery,
  SourceMethods,
  SourceRowsQuery,
} from './requests/source-methods';
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
