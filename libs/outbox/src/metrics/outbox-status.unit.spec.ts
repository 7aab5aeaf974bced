import { describe, expect, it } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import type { OutboxReadings } from './outbox-readings';
import { outboxStatusOf } from './outbox-status';
import { PublishedCounts } from './published-counts';

function readingsOf({ depth = 0, oldestAgeS = 0, version = 0, clockOffsetMs = 0 }): OutboxReadings {
  return standIn<OutboxReadings>({
    depth: async () => depth,
    oldestAgeS: async () => oldestAgeS,
    version: async () => version,
    clockOffsetMs: async () => clockOffsetMs,
  });
}

describe('outboxStatusOf', () => {
  it('A status contains the readings of the publisher’s outbox, times in whole ms', async () => {
    const published = new PublishedCounts();
    for (const entityType of ['GROUP', 'PROJECT', 'GROUP'] as const) published.add(entityType);
    const readings = readingsOf({ depth: 5, oldestAgeS: 1.2346, version: 77, clockOffsetMs: -12.4 });
    expect(await outboxStatusOf(readings, published)).toStrictEqual({
      depth: 5,
      oldestAgeMs: 1_235,
      version: 77,
      clockOffsetMs: -12,
      published: 3,
    });
  });

  it('A status has no version while the publisher has generated none', async () => {
    const status = { depth: 0, oldestAgeMs: 0, clockOffsetMs: 0, published: 0 };
    expect(await outboxStatusOf(readingsOf({}), new PublishedCounts())).toStrictEqual(status);
  });

  it('A status has zeros, and still the published count, while the database is unavailable', async () => {
    const away = () => Promise.reject(new Error('away'));
    const readings = { depth: away, oldestAgeS: away, version: away, clockOffsetMs: async () => 0 };
    const published = new PublishedCounts();
    published.add('GROUP');
    const status = await outboxStatusOf(standIn<OutboxReadings>(readings), published);
    expect(status).toStrictEqual({ depth: 0, oldestAgeMs: 0, clockOffsetMs: 0, published: 1 });
  });
});
