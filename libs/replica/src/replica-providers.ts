import { DatabaseClock } from '@dbem/postgres';
import { Broker, serviceQueueOf } from '@dbem/transport';
import type { Provider } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Applier } from './applier/applier';
import { ApplierCounts } from './applier/applier-observer';
import { createApplier } from './applier/create-applier';
import { allOf } from './applier/every-observer';
import { noteSubscription } from './causality/ended-subscriptions';
import { discoverHandlers } from './handlers/discover-handlers';
import { HandlerTable } from './handlers/handler-table';
import { ApplierMetrics } from './metrics/applier-metrics';
import { EventCounts } from './metrics/event-counts';
import { Replication } from './replication';
import { type CompleteReplicationOptions, REPLICATION_OPTIONS } from './replication-options';
import { QueueWatch } from './subscriptions/queue-watch';
import { SubscriptionClient } from './subscriptions/subscription-client';
import { VersionSweep } from './sweep/version-sweep';
import { ReplicaWatch } from './waiting/replica-watch';

type Options = CompleteReplicationOptions;

/** The parts of `Replication`. */
export const REPLICA_PROVIDERS: Provider[] = [
  ApplierCounts,
  EventCounts,
  Replication,
  {
    provide: HandlerTable,
    inject: [DiscoveryService, MetadataScanner],
    useFactory: (discovery: DiscoveryService, scanner: MetadataScanner) =>
      new HandlerTable(discoverHandlers(discovery, scanner)),
  },
  {
    provide: ReplicaWatch,
    inject: [REPLICATION_OPTIONS],
    useFactory: ({ pool, watch, log }: Options) => new ReplicaWatch(pool, { ...watch, log }),
  },
  { provide: ApplierMetrics, inject: [REPLICATION_OPTIONS, HandlerTable, EventCounts], useFactory: metricsOf },
  {
    provide: Applier,
    inject: [REPLICATION_OPTIONS, Broker, HandlerTable, ApplierCounts, ReplicaWatch, ApplierMetrics],
    useFactory: applierOf,
  },
  {
    provide: SubscriptionClient,
    inject: [REPLICATION_OPTIONS, Broker, HandlerTable, Applier],
    useFactory: subscriptionsOf,
  },
  {
    provide: QueueWatch,
    inject: [REPLICATION_OPTIONS, Broker, Applier, SubscriptionClient],
    useFactory: ({ service, log }: Options, broker: Broker, applier: Applier, subscriptions: SubscriptionClient) =>
      new QueueWatch(broker, serviceQueueOf(service), applier, subscriptions, log),
  },
  {
    provide: VersionSweep,
    inject: [REPLICATION_OPTIONS, HandlerTable],
    useFactory: ({ pool, sweep, log }: Options, table: HandlerTable) =>
      new VersionSweep(pool, { handledPublishers: table.publishers, ...sweep, log }),
  },
];

function metricsOf(
  { service: subscriber, pool, metrics }: Options,
  { publishers }: HandlerTable,
  counts: EventCounts,
): ApplierMetrics {
  return new ApplierMetrics(metrics, { subscriber, publishers, clock: new DatabaseClock(pool) }, counts);
}

function applierOf(
  { service, pool, applier, log }: Options,
  broker: Broker,
  table: HandlerTable,
  counts: ApplierCounts,
  watch: ReplicaWatch,
  metrics: ApplierMetrics,
): Applier {
  const readers = { committed: ({ applied }: Parameters<ApplierCounts['committed']>[0]) => watch.noteApplied(applied) };
  return createApplier(broker, pool, table, { service, ...applier, observer: allOf([counts, readers, metrics]), log });
}

function subscriptionsOf(
  { service, pool, log }: Options,
  broker: Broker,
  table: HandlerTable,
  applier: Applier,
): SubscriptionClient {
  const client = new SubscriptionClient(broker, table.subscriptionsOf(service), {
    service,
    log,
    backfillOf: (publisher) => table.backfillOf(publisher),
    onAccepted: async (publisher, action) => {
      await noteSubscription(pool, publisher, action === 'UNSUBSCRIBE');
      applier.recheckDeferred();
    },
  });
  // The event manager reports an expiry only after it has started a repair, so there is nothing left to do by default.
  // A service that rebuilds its replica in another way sets its own listener.
  client.onExpired(async () => {});
  return client;
}
