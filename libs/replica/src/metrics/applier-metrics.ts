import type { DbEvent, DbEventErrorCode, EntityKey } from '@dbem/db-event';
import { type DatabaseClock } from '@dbem/postgres';
import { BATCH_SIZE_BUCKETS, EventHistogram, KnownNames, LATENCY_BUCKETS_S } from '@dbem/telemetry';
import type { Delivery } from '@dbem/transport';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ApplierObserver } from '../applier/applier-observer';
import type { ApplyResult } from '../applier/apply-events';
import type { DecodedEvent } from '../events/decoded-event';
import { publisherOf } from './publisher-of';

export interface ApplierMetricsOptions {
  readonly subscriber: string;
  /** The publishers that the service handles; others share the label `other`. */
  readonly publishers: readonly string[];
  /** Of the subscriber's database. */
  readonly clock: DatabaseClock;
}

/** What is left after the epoch's bits are taken away; exact as a double. */
const COUNTER_MASK = (1n << 39n) - 1n;

/** Counts and times what an applier does. Heartbeats move the gauges only, so that quiet looks quiet. */
export class ApplierMetrics implements ApplierObserver {
  private readonly appliedTotal: Counter;
  private readonly staleTotal: Counter;
  private readonly heldTotal: Counter;
  private readonly retriedTotal: Counter;
  private readonly parkedTotal: Counter;
  private readonly batchSize: Histogram;
  private readonly forwardToApply: EventHistogram;
  private readonly lag: EventHistogram;
  private readonly lastLag: Gauge;
  private readonly lastHeard: Gauge;
  private readonly version: Gauge;
  private readonly newest = new Map<string, bigint>();
  private readonly known: KnownNames;

  constructor(
    registry: Registry,
    private readonly options: ApplierMetricsOptions,
  ) {
    const publishers = new Set(options.publishers);
    this.known = new KnownNames((name) => publishers.has(name));
    const registers = [registry];
    const byEntityType = ['publisher', 'subscriber', 'entity_type'];
    const byPublisher = ['publisher', 'subscriber'];
    this.appliedTotal = new Counter({
      name: 'dbem_applier_applied_total',
      help: 'Events that changed the replica.',
      labelNames: byEntityType,
      registers,
    });
    this.staleTotal = new Counter({
      name: 'dbem_applier_stale_total',
      help: 'Events that were older than what the replica holds, or the same.',
      labelNames: byEntityType,
      registers,
    });
    this.heldTotal = new Counter({
      name: 'dbem_applier_held_total',
      help: 'Events that had to wait in the replica’s database for what they depend on.',
      labelNames: byEntityType,
      registers,
    });
    this.retriedTotal = new Counter({
      name: 'dbem_applier_retried_total',
      help: 'Events that could not be applied and wait to be tried again.',
      labelNames: byPublisher,
      registers,
    });
    this.parkedTotal = new Counter({
      name: 'dbem_applier_parked_total',
      help: 'Events that were parked.',
      labelNames: [...byPublisher, 'code'],
      registers,
    });
    this.batchSize = new Histogram({
      name: 'dbem_applier_batch_size',
      help: 'Events in one transaction.',
      labelNames: ['subscriber'],
      buckets: BATCH_SIZE_BUCKETS,
      registers,
    });
    this.forwardToApply = new EventHistogram({
      name: 'dbem_applier_forward_to_apply_seconds',
      help: 'From the publish into the service’s queue to the subscriber’s commit.',
      labelNames: byPublisher,
      buckets: LATENCY_BUCKETS_S,
      registers,
    });
    this.lag = new EventHistogram({
      name: 'dbem_replication_lag_seconds',
      help: 'From the change in the publisher’s transaction to the subscriber’s commit: the whole way of an applied event.',
      labelNames: byEntityType,
      buckets: LATENCY_BUCKETS_S,
      registers,
    });
    this.lastLag = new Gauge({
      name: 'dbem_replication_last_lag_seconds',
      help: 'The same of the last event or heartbeat. Below zero: the two databases’ clocks differ.',
      labelNames: byPublisher,
      registers,
    });
    this.lastHeard = new Gauge({
      name: 'dbem_replication_last_heard_timestamp_seconds',
      help: 'When the last event or heartbeat of the publisher was settled here.',
      labelNames: byPublisher,
      registers,
    });
    this.version = new Gauge({
      name: 'dbem_replica_version',
      help: 'The newest version of the publisher that has come through: its counter, without the epoch.',
      labelNames: byPublisher,
      registers,
    });
  }

  settled({ applied, staleEvents, heldEvents }: ApplyResult, events: readonly DecodedEvent[]): void {
    const { subscriber, clock } = this.options;
    const nowMs = clock.nowMs();
    this.batchSize.observe({ subscriber }, events.length);
    this.count(this.appliedTotal, applied);
    for (const { publisher, entityType, changeTimeMs } of applied) {
      if (changeTimeMs === undefined) continue;
      this.lag.series(publisher, subscriber, entityType).observe(Math.max(nowMs - changeTimeMs, 0) / 1_000);
    }
    for (const { change, delivery } of events) {
      if (delivery.publishedAtMs === undefined) continue;
      const leg = this.forwardToApply.series(change.publisher, subscriber);
      leg.observe(Math.max(nowMs - delivery.publishedAtMs, 0) / 1_000);
    }
    this.count(this.staleTotal, changesIn(staleEvents));
    this.count(this.heldTotal, changesIn(heldEvents));
    for (const change of newestOfEachPublisher(events)) this.heard(change, nowMs);
  }

  heartbeat(event: DbEvent, settledAtMs: number): void {
    this.heard(event, settledAtMs);
  }

  retried(delivery: Delivery): void {
    this.retriedTotal.inc(this.byPublisher(delivery));
  }

  parked(code: DbEventErrorCode, delivery: Delivery): void {
    this.parkedTotal.inc({ ...this.byPublisher(delivery), code });
  }

  /** One increment a publisher and entity type: a batch has hundreds of events, and seldom more than a few of these. */
  private count(counter: Counter, changes: readonly EntityKey[]): void {
    const counts = new Map<string, { publisher: string; entity_type: string; count: number }>();
    for (const { publisher, entityType } of changes) {
      const kind = `${publisher} ${entityType}`;
      const entry = counts.get(kind);
      if (entry === undefined) counts.set(kind, { publisher, entity_type: entityType, count: 1 });
      else entry.count += 1;
    }
    const { subscriber } = this.options;
    for (const { publisher, entity_type, count } of counts.values()) {
      counter.inc({ publisher, subscriber, entity_type }, count);
    }
  }

  private heard({ publisher, version, changeTimeMs }: HeardEvent, atMs: number): void {
    if (changeTimeMs === undefined) return;
    const labels = { publisher: this.known.label(publisher), subscriber: this.options.subscriber };
    this.lastLag.set(labels, (atMs - changeTimeMs) / 1_000);
    this.lastHeard.set(labels, Date.now() / 1_000);
    if (version === undefined || version <= (this.newest.get(labels.publisher) ?? 0n)) return;
    this.newest.set(labels.publisher, version);
    this.version.set(labels, Number(version & COUNTER_MASK));
  }

  private byPublisher(delivery: Delivery) {
    return { publisher: this.known.label(publisherOf(delivery)), subscriber: this.options.subscriber };
  }
}

type HeardEvent = Pick<DbEvent, 'publisher' | 'version' | 'changeTimeMs'>;

function changesIn(events: readonly DecodedEvent[]): EntityKey[] {
  return events.map(({ change }) => change);
}

/** Of those that say when they were made. Without versions the last to arrive is the newest. */
function newestOfEachPublisher(events: readonly DecodedEvent[]): Iterable<HeardEvent> {
  const newest = new Map<string, HeardEvent>();
  for (const { change } of events) {
    if (change.changeTimeMs === undefined) continue;
    const present = newest.get(change.publisher);
    if (present === undefined || (change.version ?? 0n) >= (present.version ?? 0n))
      newest.set(change.publisher, change);
  }
  return newest.values();
}
