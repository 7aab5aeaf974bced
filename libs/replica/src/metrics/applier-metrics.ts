import type { DbEvent, DbEventErrorCode } from '@dbem/db-event';
import type { DatabaseClock } from '@dbem/postgres';
import { BATCH_SIZE_BUCKETS, EventHistogram, KnownNames, LATENCY_BUCKETS_S } from '@dbem/telemetry';
import type { Delivery } from '@dbem/transport';
import { Histogram, type Registry } from 'prom-client';
import type { ApplierObserver } from '../applier/applier-observer';
import type { ApplyResult } from '../applier/apply-events';
import type { DecodedEvent } from '../events/decoded-event';
import { addEventCounts } from './add-event-counts';
import type { EventCounts, PublisherCounts } from './event-counts';
import { publisherOf } from './publisher-of';

export interface ApplierMetricsOptions {
  readonly subscriber: string;
  /** The publishers that the service handles; others share the label `other`. */
  readonly publishers: readonly string[];
  /** The clock of the subscriber's database. */
  readonly clock: DatabaseClock;
}

/** Metrics of an applier. Heartbeats update the gauges only, so that a publisher without changes shows no events. */
export class ApplierMetrics implements ApplierObserver {
  private readonly batchSize: Histogram;
  private readonly forwardToApply: EventHistogram;
  private readonly lag: EventHistogram;
  private readonly known: KnownNames;

  constructor(
    registry: Registry,
    private readonly options: ApplierMetricsOptions,
    private readonly counts: EventCounts,
  ) {
    const publishers = new Set(options.publishers);
    this.known = new KnownNames((name) => publishers.has(name));
    const registers = [registry];
    const byEntityType = ['publisher', 'subscriber', 'entity_type'];
    const byPublisher = ['publisher', 'subscriber'];
    this.batchSize = new Histogram({
      name: 'dbem_applier_batch_size',
      help: 'Events per transaction.',
      labelNames: ['subscriber'],
      buckets: BATCH_SIZE_BUCKETS,
      registers,
    });
    this.forwardToApply = new EventHistogram({
      name: 'dbem_applier_forward_to_apply_seconds',
      help: 'Time from the publish to the service’s queue until the subscriber’s commit.',
      labelNames: byPublisher,
      buckets: LATENCY_BUCKETS_S,
      registers,
    });
    this.lag = new EventHistogram({
      name: 'dbem_replication_lag_seconds',
      help: 'End-to-end lag of applied events: from the change in the publisher’s transaction to the subscriber’s commit.',
      labelNames: byEntityType,
      buckets: LATENCY_BUCKETS_S,
      registers,
    });
    addEventCounts(registry, options.subscriber, counts);
  }

  committed({ applied, staleEvents, deferredEvents }: ApplyResult, events: readonly DecodedEvent[]): void {
    const { subscriber, clock } = this.options;
    const nowMs = clock.nowMs();
    this.batchSize.observe({ subscriber }, events.length);
    for (const { publisher, entityType, changeTimeMs } of applied) {
      const counts = this.counts.of(publisher).of(entityType);
      counts.applied += 1;
      if (changeTimeMs === undefined) continue;
      counts.lag ??= this.lag.series(publisher, subscriber, entityType);
      counts.lag.observe(Math.max(nowMs - changeTimeMs, 0) / 1_000);
    }
    for (const { change, delivery } of events) {
      if (delivery.publishedAtMs === undefined) continue;
      const series = this.forwardToApply.series(change.publisher, subscriber);
      series.observe(Math.max(nowMs - delivery.publishedAtMs, 0) / 1_000);
    }
    for (const { change } of staleEvents) this.counts.of(change.publisher).of(change.entityType).stale += 1;
    for (const { change } of deferredEvents) this.counts.of(change.publisher).of(change.entityType).deferred += 1;
    for (const change of newestOfEachPublisher(events)) this.received(change, nowMs);
  }

  heartbeat(event: DbEvent, acknowledgedAtMs: number): void {
    this.received(event, acknowledgedAtMs);
  }

  retried(delivery: Delivery): void {
    this.countsOf(publisherOf(delivery)).retried += 1;
  }

  parked(code: DbEventErrorCode, delivery: Delivery): void {
    const { parked } = this.countsOf(publisherOf(delivery));
    parked.set(code, (parked.get(code) ?? 0) + 1);
  }

  private received({ publisher, version, changeTimeMs }: ReceivedEvent, atMs: number): void {
    if (changeTimeMs === undefined) return;
    const counts = this.countsOf(publisher);
    counts.lastLagMs = atMs - changeTimeMs;
    counts.lastReceivedAtMs = Date.now();
    if (version !== undefined && version > (counts.newestVersion ?? 0n)) counts.newestVersion = version;
  }

  private countsOf(publisher: string | undefined): PublisherCounts {
    return this.counts.of(this.known.label(publisher));
  }
}

type ReceivedEvent = Pick<DbEvent, 'publisher' | 'version' | 'changeTimeMs'>;

/** Only of events with a change time. Without versions the last to arrive is the newest. */
function newestOfEachPublisher(events: readonly DecodedEvent[]): Iterable<ReceivedEvent> {
  const newest = new Map<string, ReceivedEvent>();
  for (const { change } of events) {
    if (change.changeTimeMs === undefined) continue;
    const present = newest.get(change.publisher);
    if (present === undefined || (change.version ?? 0n) >= (present.version ?? 0n))
      newest.set(change.publisher, change);
  }
  return newest.values();
}
