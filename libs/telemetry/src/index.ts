export { BATCH_SIZE_BUCKETS, LATENCY_BUCKETS_S } from './metrics/buckets';
export { EventHistogram, type EventHistogramOptions, type HistogramSeries } from './metrics/event-histogram';
export { KnownNames, OTHER } from './metrics/known-names';
export { MetricsModule, type MetricsOptions } from './metrics/metrics.module';
export { addSampledCounter, type SampledCounterOptions } from './metrics/sampled-counter';
export { addSampledGauge, type Sample, type SampledGaugeOptions } from './metrics/sampled-gauge';
export { type EventSpan, type EventSpanOptions, endSpan, startEventSpan } from './tracing/event-span';
export { currentTraceContext, type TraceContext } from './tracing/trace-context';
export { TracingModule, type TracingOptions } from './tracing/tracing.module';
