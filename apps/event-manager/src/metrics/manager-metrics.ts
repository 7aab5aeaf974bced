import { KnownNames, type Log } from '@dbem/platform';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import type { Broker } from '@dbem/transport';
import type { Registry } from 'prom-client';
import type { IntakeObserver } from '../intake/intake-observer';
import { IntakeMetrics } from './intake-metrics';
import { addMapGauges } from './map-gauges';
import { addQueueGauges } from './queue-gauges';

/** Adds all that a manager measures; its intake tells the rest to the observer that this returns. */
export function metricsOf(metrics: Registry, broker: Broker, registry: SubscriptionRegistry, log: Log): IntakeObserver {
  addMapGauges(metrics, registry, log);
  addQueueGauges(metrics, broker, registry, log);
  return new IntakeMetrics(metrics, new KnownNames((name) => registry.map.hasPublisher(name)));
}
