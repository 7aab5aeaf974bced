import type { ReceivedStatus } from '@dbem/transport';
import type { EntityTypeCounts, EventCounts } from './event-counts';
import { versionCounterOf } from './version-counter-of';

/** A subscriber's status report to the event managers: per handled publisher, summed over its entity types. */
export function receivedStatusOf(counts: EventCounts, publishers: readonly string[]): ReceivedStatus[] {
  return publishers.map((publisher) => {
    const { byEntityType, retried, parked, newestVersion, lastLagMs, lastReceivedAtMs } = counts.of(publisher);
    const types = [...byEntityType.values()];
    const lag = lagOver(types);
    return {
      publisher,
      applied: sum(types.map(({ applied }) => applied)),
      stale: sum(types.map(({ stale }) => stale)),
      deferred: sum(types.map(({ deferred }) => deferred)),
      retried,
      parked: sum([...parked.values()]),
      ...(newestVersion !== undefined && { version: versionCounterOf(newestVersion) }),
      ...(lastLagMs !== undefined && { lastLagMs: Math.round(lastLagMs) }),
      ...(lastReceivedAtMs !== undefined && { lastReceivedAtMs: Math.round(lastReceivedAtMs) }),
      ...(lag !== undefined && { lag }),
    };
  });
}

/** Adds up the histogram buckets of all entity types. */
function lagOver(types: readonly EntityTypeCounts[]): number[] | undefined {
  const [first, ...others] = types.flatMap(({ lag }) => lag?.counts ?? []);
  return first && Array.from(first, (count, index) => count + sum(others.map((counts) => counts[index] ?? 0)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
