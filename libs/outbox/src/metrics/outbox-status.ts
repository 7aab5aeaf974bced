import type { OutboxStatus } from '@dbem/transport';
import type { OutboxReadings } from './outbox-readings';
import type { PublishedCounts } from './published-counts';

/** The outbox's part of a publisher's status report. Values that can't be read now are 0. */
export async function outboxStatusOf(readings: OutboxReadings, published: PublishedCounts): Promise<OutboxStatus> {
  const [depth, oldestAgeS, version, clockOffsetMs] = await Promise.all([
    orZero(readings.depth()),
    orZero(readings.oldestAgeS()),
    orZero(readings.version()),
    orZero(readings.clockOffsetMs()),
  ]);
  return {
    depth,
    oldestAgeMs: Math.round(oldestAgeS * 1_000),
    published: published.total,
    clockOffsetMs: Math.round(clockOffsetMs),
    ...(version > 0 && { version }),
  };
}

function orZero(reading: Promise<number>): Promise<number> {
  return reading.catch(() => 0);
}
