import { addSampledCounter, addSampledGauge, type Sample } from '@dbem/telemetry';
import type { Registry } from 'prom-client';
import type { EntityTypeCounts, EventCounts, PublisherCounts } from './event-counts';
import { versionCounterOf } from './version-counter-of';

const BY_PUBLISHER = ['publisher', 'subscriber'];
const BY_ENTITY_TYPE = [...BY_PUBLISHER, 'entity_type'];

/** Shows Prometheus what a subscriber has counted. What has not happened yet has no series. */
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
    'Events that were older than what the replica holds, or the same.',
    ({ stale }) => stale,
  );
  byEntityType(
    'dbem_applier_deferred_total',
    'Events that had to wait in the replica’s database for what they depend on.',
    ({ deferred }) => deferred,
  );
  addSampledCounter(registry, {
    name: 'dbem_applier_retried_total',
    help: 'Events that could not be applied and wait to be tried again.',
    labelNames: BY_PUBLISHER,
    total: () => samplesByPublisher(counts, subscriber, ({ retried }) => retried || undefined),
  });
  addSampledCounter(registry, {
    name: 'dbem_applier_parked_total',
    help: 'Events that were parked.',
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
    'The same of the last event or heartbeat. Below zero: the two databases’ clocks differ.',
    ({ lastLagMs }) => inSeconds(lastLagMs),
  );
  gauge(
    'dbem_replication_last_received_timestamp_seconds',
    'When the last event or heartbeat of the publisher was settled here.',
    ({ lastReceivedAtMs }) => inSeconds(lastReceivedAtMs),
  );
  gauge(
    'dbem_replica_version',
    'The newest version of the publisher that has come through: its counter, without the epoch.',
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
