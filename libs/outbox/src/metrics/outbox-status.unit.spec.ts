import { Counter, Gauge, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { outboxStatusOf } from './outbox-status';

function registryWith(values: Record<string, number>): Registry {
  const registry = new Registry();
  for (const [name, value] of Object.entries(values)) {
    new Gauge({ name, help: '-', registers: [registry] }).set(value);
  }
  return registry;
}

describe('outboxStatusOf', () => {
  it('A status has what the publisher’s metrics have, times in whole ms', async () => {
    const registry = registryWith({
      dbem_outbox_depth: 5,
      dbem_outbox_oldest_age_seconds: 1.2346,
      dbem_publisher_version: 77,
      dbem_publisher_clock_offset_seconds: -0.0124,
    });
    const published = new Counter({
      name: 'dbem_relay_published_total',
      help: '-',
      labelNames: ['entity_type'],
      registers: [registry],
    });
    published.inc({ entity_type: 'GROUP' }, 3);
    published.inc({ entity_type: 'PROJECT' }, 4);
    expect(await outboxStatusOf(registry)).toStrictEqual({
      depth: 5,
      oldestAgeMs: 1_235,
      version: 77,
      clockOffsetMs: -12,
      published: 7,
    });
  });

  it('A publisher that has drawn no version has a status without one', async () => {
    const status = { depth: 0, oldestAgeMs: 0, clockOffsetMs: 0, published: 0 };
    expect(await outboxStatusOf(new Registry())).toStrictEqual(status);
    expect(await outboxStatusOf(registryWith({ dbem_publisher_version: 0 }))).toStrictEqual(status);
  });
});
