import type { Log } from '@dbem/runtime';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import { addSampledCounter, addSampledGauge } from '@dbem/telemetry';
import type { Registry } from 'prom-client';

/** Adds the size and the state of the subscription map, as this manager sees them. */
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
    help: 'Live event managers; no value while ZooKeeper is away.',
    log,
    sample: async () => [{ value: (await registry.members()).length }],
  });
  addSampledGauge(metrics, {
    name: 'dbem_map_current',
    help: '1 while ZooKeeper is there and the map is current; 0 while events are routed from memory or not at all.',
    sample: () => [{ value: registry.health().status === 'ready' ? 1 : 0 }],
  });
  addSampledCounter(metrics, {
    name: 'dbem_map_reconnects_total',
    help: 'How often the map became current again after ZooKeeper had been lost.',
    total: () => registry.health().reconnects,
  });
}
