export { Applier, type ApplierOptions } from './applier/applier';
export { ApplierCounts, type ApplierObserver } from './applier/applier-observer';
export type { ApplyResult } from './applier/apply-events';
export { createApplier } from './applier/create-applier';
export type { DeferredEventLimits } from './causality/deferred-event-limits';
export { dependenciesOn, dependencyOn } from './causality/dependencies-on';
export { dryRunEvents } from './dry-run/dry-run-events';
export { HandlerTable } from './handlers/handler-table';
export type {
  ApplyMany,
  ApplyOne,
  ReplicaChange,
  ReplicaHandler,
} from './handlers/replica-handler';
export type { ReplicaProjection } from './handlers/replica-projection';
export {
  OnDelete,
  OnDeleteMany,
  OnUpsert,
  OnUpsertMany,
  Replicates,
  type ReplicatesOptions,
} from './handlers/replicates.decorator';
export { ApplierMetrics, type ApplierMetricsOptions } from './metrics/applier-metrics';
export { EventCounts } from './metrics/event-counts';
export { REPLICA_SCHEMA_SQL, replicaMigrations } from './postgres/replica-schema';
export { ReplicaModule, type ReplicaModuleAsyncOptions } from './replica.module';
export { Replication } from './replication';
export type { ReplicationReport } from './replication.controller';
export { REPLICATION_OPTIONS, type ReplicationOptions } from './replication-options';
export {
  type ExpiryListener,
  SubscriptionClient,
  type SubscriptionClientOptions,
  type SubscriptionState,
} from './subscriptions/subscription-client';
export { VersionSweep, type VersionSweepOptions } from './sweep/version-sweep';
export { REPLICATION_WAIT_HEADER, ReadYourWritesInterceptor } from './waiting/read-your-writes.interceptor';
export { ReadsYourWrites } from './waiting/reads-your-writes.decorator';
export { ReplicaWatch, type ReplicaWatchOptions, type WaitOptions, type WaitOutcome } from './waiting/replica-watch';
