import { ReceivedCounts } from '@dbem/observation';
import { addOutboxGauges, OutboxReadings, PublishedCounts, RelayMetrics } from '@dbem/outbox';
import { addDatabaseGauges, Database, DatabaseClock } from '@dbem/postgres';
import { ApplierMetrics, EventCounts } from '@dbem/replica';
import { SILENT_LOG } from '@dbem/runtime';
import { InMemorySubscriptionRegistry } from '@dbem/subscription-registry';
import { addBrokerGauges, InMemoryBroker, QueueContents, RequestMetrics } from '@dbem/transport';
import { Registry } from 'prom-client';
import { addUnavailableQueueGauge } from '../../apps/event-manager/src/forwarding/unavailable-queue-gauge';
import { IntakeMetrics } from '../../apps/event-manager/src/intake/intake-metrics';
import { KnownPublishers } from '../../apps/event-manager/src/intake/known-publishers';
import { addReconcileGauges } from '../../apps/event-manager/src/reconcile/reconcile-gauges';
import { addMapGauges } from '../../apps/event-manager/src/subscriptions/map-gauges';
import { addQueueGauges } from '../../apps/event-manager/src/topology/queue-gauges';

export interface RegisteredMetric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

/** Every metric that any app registers, apart from Node's default metrics. Starts nothing. */
export function registeredMetrics(): RegisteredMetric[] {
  const registry = new Registry();
  const broker = new InMemoryBroker();
  const database = new Database({ url: 'postgres://nobody@127.0.0.1:1/none', applicationName: 'none', migrations: {} });
  const clock = new DatabaseClock(database.pool);
  addBrokerGauges(registry, broker);
  new RequestMetrics(registry);
  addDatabaseGauges(registry, database);
  const readings = new OutboxReadings(database.pool, clock);
  addOutboxGauges(registry, { publisher: 'registry', readings, log: SILENT_LOG });
  new RelayMetrics(registry, 'registry', clock, new PublishedCounts());
  new ApplierMetrics(registry, { subscriber: 'sharing', publishers: ['registry'], clock }, new EventCounts());
  addReconcileGauges(registry, { list: async () => [] }, SILENT_LOG);
  const map = new InMemorySubscriptionRegistry();
  addMapGauges(registry, map, SILENT_LOG);
  addUnavailableQueueGauge(registry, { unavailable: [] });
  addQueueGauges(registry, broker, new QueueContents(), map, SILENT_LOG);
  new IntakeMetrics(registry, new KnownPublishers(map), new ReceivedCounts());
  return (registry.getMetricsAsArray() as unknown as RegisteredMetric[])
    .map(({ name, help, type, labelNames }) => ({ name, help, type, labelNames }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}
