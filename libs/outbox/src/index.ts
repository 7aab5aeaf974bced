export { type Change, type ChangeOptions, created, deleted, updated } from './change';
export { ChangePublisher, type PublishedChange } from './change-publisher.port';
export {
  ConfirmThenCommitChangePublisher,
  type ConfirmThenCommitOptions,
} from './confirm-then-commit-change-publisher';
export { Heartbeat, type HeartbeatOptions } from './heartbeat/heartbeat';
export { ReplicationTokenInterceptor } from './http/replication-token.interceptor';
export { InMemoryOutboxStore } from './in-memory/in-memory-outbox-store';
export { addOutboxGauges, type OutboxGaugesOptions } from './metrics/outbox-gauges';
export { OutboxReadings } from './metrics/outbox-readings';
export { PublishedCounts } from './metrics/published-counts';
export { RelayMetrics } from './metrics/relay-metrics';
export { OutboxModule, type OutboxModuleAsyncOptions } from './outbox.module';
export { OutboxChangePublisher } from './outbox-change-publisher';
export type { OutboxModuleOptions, PublishProtocol } from './outbox-options';
export { type ClaimLimits, type ClaimResult, type DeliverRows, type OutboxRow, OutboxStore } from './outbox-store.port';
export { outboxMigrations } from './postgres/outbox-schema';
export { PostgresOutboxStore } from './postgres/postgres-outbox-store';
export { queryableOf } from './postgres/queryable-of';
export { raiseEpoch } from './postgres/versions';
export type { AnyReconcileSource, ReconcileSource } from './reconcile/reconcile-source';
export { Relay, type RelayObserver, type RelayOptions } from './relay/relay';
export { TombstoneSweep, type TombstoneSweepOptions } from './sweep/tombstone-sweep';
