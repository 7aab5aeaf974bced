import { addSampledCounter, addSampledGauge, type Sample } from '@dbem/telemetry';
import type { Registry } from 'prom-client';
import type { EntityTypeCounts, EventCounts, PublisherCounts } from './event-counts';
import { versionCounterOf } from './version-counter-of';

const BY_PUBLISHER = ['publisher', 'subscriber'];
const BY_ENTITY_TYPE = [...BY_PUBLISHER, 'entity_type'];

/** Adds a subscriber's counters to the metrics. A counter has no series until its first event. */
export function addEventCounts(registry: Registry, subscriber: string, counts: EventCounts): void {
  const byEntityType = (name: string, help: string, value: (of: EntityTypeCounts) => number) =>
    addSampledCounter(registry, {
      name,
      help,
      labelNames: BY_ENTITY_TYPE,
      total: () => samplesByEntityType(counts, subscriber, value),
    });
  byEntityType('dbem_applier_applied_total', 'Events that changed the replica.', ({ applied }) => applied);
  byEntityType(
    'dbem_applier_stale_total',
    'Events of a version that the replica already had, or of an older one.',
    ({ stale }) => stale,
  );
  byEntityType(
    'dbem_applier_deferred_total',
    'Events deferred in the replica’s database until their dependencies are applied.',
    ({ deferred }) => deferred,
  );
  addSampledCounter(registry, {
    name: 'dbem_applier_retried_total',
    help: 'Events that could not be applied and were scheduled for a retry.',
    labelNames: BY_PUBLISHER,
    total: () => samplesByPublisher(counts, subscriber, ({ retried }) => retried || undefined),
  });
  addSampledCounter(registry, {
    name: 'dbem_applier_parked_total',
    help: 'Parked events.',
    labelNames: [...BY_PUBLISHER, 'code'],
    total: () => parkedSamples(counts, subscriber),
  });
  const gauge = (name: string, help: string, value: (of: PublisherCounts) => number | undefined) =>
    addSampledGauge(registry, {
      name,
      help,
      labelNames: BY_PUBLISHER,
      sample: () => samplesByPublisher(counts, subscriber, value),
    });
  gauge(
    'dbem_replication_last_lag_seconds',
    'Replication lag of the last event or heartbeat. Below zero: the clocks of the two databases differ.',
    ({ lastLagMs }) => inSeconds(lastLagMs),
  );
  gauge(
    'dbem_replication_last_received_timestamp_seconds',
    'When this instance processed the last event or heartbeat of the publisher.',
    ({ lastReceivedAtMs }) => inSeconds(lastReceivedAtMs),
  );
  gauge(
    'dbem_replica_version',
    'The newest version received from the publisher: its counter, without the epoch.',
    ({ newestVersion }) => (newestVersion === undefined ? undefined : versionCounterOf(newestVersion)),
  );
}

function* samplesByPublisher(
  counts: EventCounts,
  subscriber: string,
  countIn: (of: PublisherCounts) => number | undefined,
): Iterable<Sample> {
  for (const [publisher, of] of counts.list()) {
    const value = countIn(of);
    if (value !== undefined) yield { labels: { publisher, subscriber }, value };
  }
}

function* samplesByEntityType(
  counts: EventCounts,
  subscriber: string,
  countIn: (of: EntityTypeCounts) => number,
): Iterable<Sample> {
  for (const [publisher, { byEntityType }] of counts.list()) {
    for (const [entity_type, of] of byEntityType) {
      const value = countIn(of);
      if (value > 0) yield { labels: { publisher, subscriber, entity_type }, value };
    }
  }
}

function* parkedSamples(counts: EventCounts, subscriber: string): Iterable<Sample> {
  for (const [publisher, { parked }] of counts.list()) {
    for (const [code, value] of parked) yield { labels: { publisher, subscriber, code }, value };
  }
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}
