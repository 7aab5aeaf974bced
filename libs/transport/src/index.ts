export { ARRIVAL_HEADER, arrivalOf, arrivalText, MAX_ARRIVAL_COUNT, termOf } from './arrival';
export {
  BATCH_CONTENT_TYPE,
  BATCH_HEADER_BYTES,
  BATCH_VERSION,
  MAX_BATCH_BYTES,
  MAX_BATCH_ELEMENTS,
} from './batches/batch-format';
export { batchMessage, intakeMessage } from './batches/batch-message';
export { decodeBatch, type Element } from './batches/decode-batch';
export { deliveriesIn } from './batches/deliveries-in';
export { type ElementContent, elementOf, encodeBatch, encodeElement, waitingElement } from './batches/encode-batch';
export { fillBatches } from './batches/fill-batches';
export { publishAllEvents, publishEvents } from './batches/publish-events';
export { SharedBody } from './batches/shared-body';
export {
  type BatchHandler,
  type Binding,
  Broker,
  type BrokerHealth,
  type BrokerServer,
  type BrowseOutcome,
  type BrowseVisitor,
  type ConsumeOptions,
  type Consumption,
  type Delivery,
  type ExchangeDeclaration,
  emptinessOf,
  type OrderedChannel,
  type OrderedHandler,
  type OrderedOptions,
  type OutgoingMessage,
  type PublishOptions,
  type QueueDeclaration,
  type QueueKind,
  type QueueState,
  type StreamDeclaration,
  type Topology,
  type TransientMessage,
  type Waiting,
} from './broker.port';
export { brokerState } from './broker-state';
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
export { ParkedEvents, type ParkedFilter, type ParkedPage, type Redriven, sortKeyOf } from './parking/parked-events';
export {
  aloneMessage,
  attemptsOf,
  firstFailedAtOf,
  hasRetriesLeft,
  parkedMessage,
  retriedMessage,
} from './parking/parking';
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
  type BrokerPermissions,
  MANAGER_PERMISSIONS,
  permissionsOfService,
  type ServiceRightsOptions,
} from './provisioning/service-rights';
export { MAX_UNCONFIRMED_MESSAGES } from './publish-window';
export { type BrokerVariables, brokerOptionsOf } from './rabbitmq/broker-options-of';
export { coalesceWrites } from './rabbitmq/coalesce-writes';
export { RabbitMqBroker, type RabbitMqBrokerOptions } from './rabbitmq/rabbitmq-broker';
export {
  ComparedReplicaMethods,
  DigestQuery,
  ReplicaDescription,
  ReplicaQuery,
  ReplicaRowsQuery,
  ReplicaStatesQuery,
} from './requests/compared-replica-methods';
export { KeyRange, RangeDigest, ReadState, RowDigest } from './requests/comparison.dto';
export { DeferredEventPage, DeferredEventQuery, DeferredEventSummary } from './requests/deferred-event.dto';
export { DRY_RUN_OUTCOMES, type DryRunOutcome, DryRunResult } from './requests/dry-run-result.dto';
export { ReplicaEntityKey, SourceEntityKey } from './requests/entity-key.dto';
export { PublishedSchema, PublisherMethods, SourceEntity } from './requests/publisher-methods';
export {
  DryRunEvent,
  DryRunQuery,
  ReplicaMethods,
  ReplicatedEntity,
  ReplicaVersion,
  VersionsQuery,
} from './requests/replica-methods';
export { RequestMethod } from './requests/request-method';
export { REPLY_EXCHANGE, type RequestRole, requestQueueOf } from './requests/request-wire';
export {
  Orphan,
  OrphansToDelete,
  RangeToSend,
  RowsToSend,
  RowToSend,
  SendRangeResult,
  SendResult,
  SourceDescription,
  SourceMethods,
  SourceQuery,
  SourceRowsQuery,
  SourceStatesQuery,
  SplitQuery,
  SplitRanges,
} from './requests/source-methods';
export { OrderedSender } from './senders/ordered-sender';
export { QueueContents } from './senders/queue-contents';
export { queueMessage, Sender, type SentEvent, singleMessage } from './senders/sender';
export {
  decodeServiceStatus,
  encodeServiceStatus,
  type OutboxStatus,
  type ReceivedStatus,
  type ServiceStatus,
} from './status/service-status';
export { SOFTWARE_VERSION } from './status/software-version';
export {
  type ReadinessProbe,
  type StatusPart,
  StatusReporter,
  type StatusReporterOptions,
} from './status/status-reporter';
export {
  declareFallbackQueue,
  declareLaneQueue,
  declareManagerTopology,
  declareOverflowQueue,
  declarePausedQueue,
  declareRetriedQueue,
  declareServiceTopology,
} from './topology/declare-topology';
export { removeLegacyBinding } from './topology/remove-legacy-binding';
export {
  ALONE_KEY,
  CONTROL_QUEUE,
  EVENT_EXCHANGE,
  FALLBACK_QUEUE,
  failedExchangeOf,
  INTAKE_EXCHANGE,
  INTAKE_KEY,
  INTAKE_QUEUE,
  laneQueueOf,
  MANAGER_QUEUE,
  MANAGER_ROUTING_KEY,
  MANAGERS_EXCHANGE,
  MAP_EXCHANGE,
  mapQueueOf,
  overflowQueueOf,
  PARKED_KEY,
  parkedQueueOf,
  pausedQueueOf,
  RETRIED_QUEUE,
  RETRY_DELAYS_MS,
  RETRY_LANES,
  retryLaneOf,
  STATUS_EXCHANGE,
  serviceQueueOf,
  statusQueueOf,
  WAITING_DIRECTORY_QUEUE,
} from './topology/topology-names';
export { TransportModule, type TransportModuleAsyncOptions } from './transport.module';
