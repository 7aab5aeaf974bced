import { EventHistogram, LATENCY_BUCKETS_S } from '@dbem/telemetry';
import { describe, expect, it } from 'vitest';
import { EventCounts } from './event-counts';
import { receivedStatusOf } from './received-status';

describe('receivedStatusOf', () => {
  it('receivedStatusOf adds up the counts of each given publisher over all entity types, and ignores other publishers', () => {
    const counts = new EventCounts();
    const registry = counts.of('registry');
    registry.lastLagMs = -250.2;
    registry.of('PROJECT').applied = 3;
    registry.of('GROUP').applied = 4;
    registry.of('TENANT').stale = 2;
    registry.parked.set('HANDLER_FAILED', 1).set('EVENT_BEHIND_HORIZON', 2);
    counts.of('other').of('GROUP').applied = 9;
    const lag = new EventHistogram({
      name: 'lag_seconds',
      help: '-',
      labelNames: ['entity_type'],
      buckets: LATENCY_BUCKETS_S,
      registers: [],
    });
    registry.of('PROJECT').lag = lag.series('PROJECT');
    for (const seconds of [0.004, 0.004, 0.2, 100_000]) registry.of('PROJECT').lag?.observe(seconds);
    registry.of('GROUP').lag = lag.series('GROUP');
    registry.of('GROUP').lag?.observe(0.2);
    const [received, profile] = receivedStatusOf(counts, ['registry', 'user.profile']);
    expect(received).toMatchObject({ publisher: 'registry', applied: 7, stale: 2, parked: 3, lastLagMs: -250 });
    const buckets = Array<number>(LATENCY_BUCKETS_S.length + 1).fill(0);
    buckets[LATENCY_BUCKETS_S.indexOf(0.005)] = 2;
    buckets[LATENCY_BUCKETS_S.indexOf(0.25)] = 2;
    buckets[LATENCY_BUCKETS_S.length] = 1;
    expect(received?.lag).toEqual(buckets);
    expect(profile).toEqual({ publisher: 'user.profile', applied: 0, stale: 0, deferred: 0, retried: 0, parked: 0 });
  });
});
