import type { OutboxStatus } from '@dbem/transport';
import type { OutboxReadings } from './outbox-readings';
import type { PublishedCounts } from './published-counts';

/** What a publisher tells the event managers of its outbox. What can't be read now is 0. */
export async function outboxStatusOf(readings: OutboxReadings, published: PublishedCounts): Promise<OutboxStatus> {
  const [depth, oldestAgeS, version, clockOffsetMs] = await Promise.all([
    orNothing(readings.depth()),
    orNothing(readings.oldestAgeS()),
    orNothing(readings.version()),
    orNothing(readings.clockOffsetMs()),
  ]);
  return {
    depth,
    oldestAgeMs: Math.round(oldestAgeS * 1_000),
    published: published.total,
    clockOffsetMs: Math.round(clockOffsetMs),
    ...(version > 0 && { version }),
  };
}

function orNothing(reading: Promise<number>): Promise<number> {
  return reading.catch(() => 0);
}
