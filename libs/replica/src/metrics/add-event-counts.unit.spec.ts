import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { addEventCounts } from './add-event-counts';
import { EventCounts } from './event-counts';

async function seriesOf(registry: Registry): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

describe('addEventCounts', () => {
  it('Each metric has the current count at the scrape', async () => {
    const registry = new Registry();
    const counts = new EventCounts();
    addEventCounts(registry, 'sharing', counts);
    const publisher = counts.of('registry');
    publisher.of('GROUP').applied = 3;
    publisher.of('PROJECT').stale = 1;
    publisher.of('PROJECT').deferred = 2;
    publisher.retried = 4;
    publisher.parked.set('HANDLER_FAILED', 5);
    publisher.newestVersion = (7n << 39n) + 8n;
    publisher.lastLagMs = -250;
    publisher.lastReceivedAtMs = 1_500;
    await seriesOf(registry);
    publisher.of('GROUP').applied += 1;
    expect(await seriesOf(registry)).toEqual([
      'dbem_applier_applied_total{publisher="registry",subscriber="sharing",entity_type="GROUP"} 4',
      'dbem_applier_stale_total{publisher="registry",subscriber="sharing",entity_type="PROJECT"} 1',
      'dbem_applier_deferred_total{publisher="registry",subscriber="sharing",entity_type="PROJECT"} 2',
      'dbem_applier_retried_total{publisher="registry",subscriber="sharing"} 4',
      'dbem_applier_parked_total{publisher="registry",subscriber="sharing",code="HANDLER_FAILED"} 5',
      'dbem_replication_last_lag_seconds{publisher="registry",subscriber="sharing"} -0.25',
      'dbem_replication_last_received_timestamp_seconds{publisher="registry",subscriber="sharing"} 1.5',
      'dbem_replica_version{publisher="registry",subscriber="sharing"} 8',
    ]);
  });

  it('A publisher without received events has no series', async () => {
    const registry = new Registry();
    const counts = new EventCounts();
    addEventCounts(registry, 'sharing', counts);
    counts.of('registry').of('GROUP');
    expect(await seriesOf(registry)).toEqual([]);
  });
});
