export { Backoff, type BackoffOptions, pause } from './backoff';
export { type Checkpoint, checkpoint } from './checkpoint';
export { readConfig } from './config/read-config';
export { secretsOf } from './config/secrets-of';
export { amqpTlsVariables, databaseTlsVariables } from './config/tls-variables';
export {
  amqpUrl,
  databaseIdleTransactionMs,
  databaseSilenceMs,
  databaseUrl,
  heartbeatIntervalMs,
  heldEventMaxAgeMs,
  heldEventMaxCount,
  logLevel,
  metricsToken,
  port,
  publishProtocol,
  serviceHost,
  serviceToken,
  tombstoneMinAgeMs,
  tombstoneSweepIntervalMs,
} from './config/variables';
export { disablePretenuring } from './disable-pretenuring';
export { HealthController, HealthModule, MAY_READ_DETAILS, type MayReadDetails } from './health/health.module';
export { type HealthIndicators, type IndicatorState, Readiness } from './health/readiness';
export { bearsToken } from './http/bearer-token';
export { type DescribedApp, describeApp } from './http/describe-app';
export { tokenDocumentGuard } from './http/guard-document';
export { OPEN, Open } from './http/open.decorator';
export { pageOfSorted } from './http/page-of-sorted';
export { cursorOf, type Page, PageQuery, pageOf, toPage } from './http/paging';
export { type Problem, ProblemDetailsFilter } from './http/problem-details.filter';
export { ReadsYourWrites } from './http/reads-your-writes.decorator';
export { SERVICE_TOKEN, ServiceTokenGuard } from './http/service-token.guard';
export { ServiceTokenModule, type ServiceTokenOptions } from './http/service-token.module';
export { configureHttp, type RunOptions, runMain, type StartAppOptions, startApp } from './http/start-app';
export { type Log, SILENT_LOG } from './logging/log';
export { LOG, LoggingModule, type LoggingOptions } from './logging/logging.module';
export { BATCH_SIZE_BUCKETS, LATENCY_BUCKETS_S } from './metrics/buckets';
export { EventHistogram, type EventHistogramOptions, type HistogramSeries } from './metrics/event-histogram';
export { KnownNames, OTHER } from './metrics/known-names';
export { MetricsModule, type MetricsOptions } from './metrics/metrics.module';
export { addSampledCounter, type SampledCounterOptions } from './metrics/sampled-counter';
export { addSampledGauge, type Sample, type SampledGaugeOptions } from './metrics/sampled-gauge';
export { type MetricValue, valuesOf } from './metrics/values-of';
export { Pace, type PaceOptions } from './pace';
export { Database, type DatabaseOptions } from './postgres/database';
export { DatabaseClock } from './postgres/database-clock';
export { addDatabaseGauges } from './postgres/database-gauges';
export { type DatabaseVariables, databaseOptionsOf } from './postgres/database-options-of';
export { databaseTls, withoutTlsParameters } from './postgres/database-tls';
export { kyselyOver } from './postgres/kysely-over';
export { LinkWatch, type LinkWatchOptions } from './postgres/link-watch';
export { type Migrations, migrate } from './postgres/migrate';
export { NotificationListener } from './postgres/notification-listener';
export { PostgresModule } from './postgres/postgres.module';
export { inOwnTransaction, inTransaction } from './postgres/transaction';
export { isTransientDatabaseError, type TransientKind, transientKindOf } from './postgres/transient-errors';
export { readTlsFiles, type TlsFiles, type TlsMaterial } from './tls/tls-files';
export { type EventSpan, type EventSpanOptions, endSpan, startEventSpan } from './tracing/event-span';
export { currentTraceContext, type TraceContext, traceContextIn } from './tracing/trace-context';
export { Tracing } from './tracing/tracing';
export { TracingModule, type TracingOptions } from './tracing/tracing.module';
export { ABORTED, unlessAborted } from './unless-aborted';
export { writeTogether } from './write-together';
