import { type Log } from '@dbem/runtime';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import { KnownNames } from '@dbem/telemetry';
import type { Broker } from '@dbem/transport';
import type { Registry } from 'prom-client';
import { addMapGauges } from '../subscriptions/map-gauges';
import { IntakeMetrics } from './intake-metrics';
import type { IntakeObserver } from './intake-observer';
import { addQueueGauges } from './topology/queue-gauges';

/** Adds all that a manager measures; its intake tells the rest to the observer that this returns. */
export function metricsOf(metrics: Registry, broker: Broker, registry: SubscriptionRegistry, log: Log): IntakeObserver {
  addMapGauges(metrics, registry, log);
  addQueueGauges(metrics, broker, registry, log);
  return new IntakeMetrics(metrics, new KnownNames((name) => registry.map.hasPublisher(name)));
}
