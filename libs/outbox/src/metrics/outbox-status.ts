import { valuesOf } from '@dbem/telemetry';
import type { OutboxStatus } from '@dbem/transport';
import type { Registry } from 'prom-client';

/** What a publisher tells the event managers of its outbox: what its metrics say, in short. */
export async function outboxStatusOf(registry: Registry): Promise<OutboxStatus> {
  const sum = async (name: string) => (await valuesOf(registry, name)).reduce((total, { value }) => total + value, 0);
  const [depth, oldestAgeS, version, offsetS, published] = await Promise.all([
    sum('dbem_outbox_depth'),
    sum('dbem_outbox_oldest_age_seconds'),
    sum('dbem_publisher_version'),
    sum('dbem_publisher_clock_offset_seconds'),
    sum('dbem_relay_published_total'),
  ]);
  return {
    depth,
    oldestAgeMs: Math.round(oldestAgeS * 1_000),
    published,
    clockOffsetMs: Math.round(offsetS * 1_000),
    ...(version > 0 && { version }),
  };
}
