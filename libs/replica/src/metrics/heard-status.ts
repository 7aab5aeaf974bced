import { LATENCY_BUCKETS_S, type MetricValue, valuesOf } from '@dbem/telemetry';
import type { HeardStatus } from '@dbem/transport';
import type { Registry } from 'prom-client';

type Counts = { -readonly [Name in keyof HeardStatus]: HeardStatus[Name] };

/** What a subscriber tells the event managers of each publisher that it handles: what its metrics say, in short. */
export async function heardStatusOf(registry: Registry, publishers: readonly string[]): Promise<HeardStatus[]> {
  const heard = new Map(publishers.map((publisher) => [publisher, countsOf(publisher)]));
  const each = async (name: string, note: (counts: Counts, value: MetricValue) => void) => {
    for (const value of await valuesOf(registry, name)) {
      const counts = heard.get(String(value.labels['publisher']));
      if (counts !== undefined) note(counts, value);
    }
  };
  await Promise.all([
    each('dbem_applier_applied_total', (counts, { value }) => {
      counts.applied += value;
    }),
    each('dbem_applier_stale_total', (counts, { value }) => {
      counts.stale += value;
    }),
    each('dbem_applier_held_total', (counts, { value }) => {
      counts.held += value;
    }),
    each('dbem_applier_retried_total', (counts, { value }) => {
      counts.retried += value;
    }),
    each('dbem_applier_parked_total', (counts, { value }) => {
      counts.parked += value;
    }),
    each('dbem_replica_version', (counts, { value }) => {
      counts.version = value;
    }),
    each('dbem_replication_last_lag_seconds', (counts, { value }) => {
      counts.lastLagMs = Math.round(value * 1_000);
    }),
    each('dbem_replication_last_heard_timestamp_seconds', (counts, { value }) => {
      counts.lastHeardAtMs = Math.round(value * 1_000);
    }),
    each('dbem_replication_lag_seconds', addToBuckets),
  ]);
  return [...heard.values()].map(inBucketsOfTheirOwn);
}

function countsOf(publisher: string): Counts {
  return { publisher, applied: 0, stale: 0, held: 0, retried: 0, parked: 0 };
}

/** Buckets of several entity types are added up. A histogram's buckets hold all that is in the lesser ones too. */
function addToBuckets(counts: Counts, { metricName, labels, value }: MetricValue): void {
  if (!metricName?.endsWith('_bucket')) return;
  const place = LATENCY_BUCKETS_S.indexOf(Number(labels['le']));
  const lag = (counts.lag as number[] | undefined) ?? new Array(LATENCY_BUCKETS_S.length + 1).fill(0);
  lag[place === -1 ? LATENCY_BUCKETS_S.length : place] += value;
  counts.lag = lag;
}

function inBucketsOfTheirOwn({ lag, ...counts }: Counts): HeardStatus {
  return {
    ...counts,
    ...(lag !== undefined && { lag: lag.map((upTo, index) => upTo - (index === 0 ? 0 : (lag[index - 1] ?? 0))) }),
  };
}
