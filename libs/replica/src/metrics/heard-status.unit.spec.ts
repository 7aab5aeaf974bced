import { LATENCY_BUCKETS_S } from '@dbem/telemetry';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { heardStatusOf } from './heard-status';

describe('heardStatusOf', () => {
  it('heardStatusOf adds up the metrics of each given publisher over all entity types, and ignores other publishers', async () => {
    const metrics = new Registry();
    const registers = [metrics];
    const labelNames = ['publisher', 'subscriber', 'entity_type'];
    const applied = new Counter({ name: 'dbem_applier_applied_total', help: '-', labelNames, registers });
    applied.inc({ publisher: 'registry', subscriber: 'sharing', entity_type: 'PROJECT' }, 3);
    applied.inc({ publisher: 'registry', subscriber: 'sharing', entity_type: 'GROUP' }, 4);
    applied.inc({ publisher: 'other', subscriber: 'sharing', entity_type: 'GROUP' }, 9);
    const lag = new Histogram({
      name: 'dbem_replication_lag_seconds',
      help: '-',
      labelNames,
      buckets: LATENCY_BUCKETS_S,
      registers,
    });
    for (const seconds of [0.004, 0.004, 0.2, 100_000]) {
      lag.observe({ publisher: 'registry', subscriber: 'sharing', entity_type: 'PROJECT' }, seconds);
    }
    lag.observe({ publisher: 'registry', subscriber: 'sharing', entity_type: 'GROUP' }, 0.2);
    new Gauge({ name: 'dbem_replication_last_lag_seconds', help: '-', labelNames, registers }).set(
      { publisher: 'registry', subscriber: 'sharing' },
      -0.25,
    );
    const [registry, profile] = await heardStatusOf(metrics, ['registry', 'user.profile']);
    expect(registry).toMatchObject({ publisher: 'registry', applied: 7, stale: 0, lastLagMs: -250 });
    const buckets = Array<number>(LATENCY_BUCKETS_S.length + 1).fill(0);
    buckets[LATENCY_BUCKETS_S.indexOf(0.005)] = 2;
    buckets[LATENCY_BUCKETS_S.indexOf(0.25)] = 2;
    buckets[LATENCY_BUCKETS_S.length] = 1;
    expect(registry?.lag).toEqual(buckets);
    expect(profile).toEqual({ publisher: 'user.profile', applied: 0, stale: 0, held: 0, retried: 0, parked: 0 });
  });
});
