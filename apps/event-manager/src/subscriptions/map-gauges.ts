import type { Log } from '@dbem/runtime';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import { addSampledCounter, addSampledGauge } from '@dbem/telemetry';
import type { Registry } from 'prom-client';

/** Adds gauges for the size and the state of this manager's subscription map. */
export function addMapGauges(metrics: Registry, registry: SubscriptionRegistry, log: Log): void {
  addSampledGauge(metrics, {
    name: 'dbem_map_subscriptions',
    help: 'Subscriptions in the map that this manager routes by.',
    sample: () => [{ value: registry.map.size }],
  });
  addSampledGauge(metrics, {
    name: 'dbem_map_publishers',
    help: 'Publishers in the map that this manager routes by.',
    sample: () => [{ value: registry.map.publisherNames().length }],
  });
  addSampledGauge(metrics, {
    name: 'dbem_map_members',
    help: 'Live event managers; no value while ZooKeeper is unavailable.',
    log,
    sample: async () => [{ value: (await registry.members()).length }],
  });
  addSampledGauge(metrics, {
    name: 'dbem_map_current',
    help: '1 while ZooKeeper is connected and the map is current; 0 while events are routed from memory or not at all.',
    sample: () => [{ value: registry.health().status === 'ready' ? 1 : 0 }],
  });
  addSampledCounter(metrics, {
    name: 'dbem_map_reconnects_total',
    help: 'Times that the map became current again after the connection to ZooKeeper was lost.',
    total: () => registry.health().reconnects,
  });
}
