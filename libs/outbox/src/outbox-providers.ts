import { DatabaseClock } from '@dbem/postgres';
import { Broker } from '@dbem/transport';
import type { Provider } from '@nestjs/common';
import { ChangePublisher } from './change-publisher.port';
import { ConfirmThenCommitChangePublisher } from './confirm-then-commit-change-publisher';
import { Heartbeat } from './heartbeat/heartbeat';
import { addOutboxGauges } from './metrics/outbox-gauges';
import { OutboxReadings } from './metrics/outbox-readings';
import { PublishedCounts } from './metrics/published-counts';
import { RelayMetrics } from './metrics/relay-metrics';
import { OutboxChangePublisher } from './outbox-change-publisher';
import { type CompleteOutboxOptions, OUTBOX_OPTIONS } from './outbox-options';
import { OutboxStore } from './outbox-store.port';
import { PostgresOutboxStore } from './postgres/postgres-outbox-store';
import { Relay } from './relay/relay';
import { TombstoneSweep } from './sweep/tombstone-sweep';

type Options = CompleteOutboxOptions;

/** The providers of `OutboxModule`. */
export const OUTBOX_PROVIDERS: Provider[] = [
  PublishedCounts,
  { provide: ChangePublisher, inject: [OUTBOX_OPTIONS, Broker], useFactory: publisherOf },
  {
    provide: OutboxStore,
    inject: [OUTBOX_OPTIONS],
    useFactory: ({ pool, log }: Options) => new PostgresOutboxStore(pool, log),
  },
  {
    provide: DatabaseClock,
    inject: [OUTBOX_OPTIONS],
    useFactory: ({ pool }: Options) => new DatabaseClock(pool),
  },
  { provide: OutboxReadings, inject: [OUTBOX_OPTIONS, DatabaseClock], useFactory: readingsOf },
  {
    provide: RelayMetrics,
    inject: [OUTBOX_OPTIONS, DatabaseClock, PublishedCounts],
    useFactory: ({ service, metrics }: Options, clock: DatabaseClock, counts: PublishedCounts) =>
      new RelayMetrics(metrics, service, clock, counts),
  },
  {
    provide: Relay,
    inject: [OUTBOX_OPTIONS, OutboxStore, Broker, RelayMetrics],
    useFactory: ({ service, relay, log }: Options, store: OutboxStore, broker: Broker, observer: RelayMetrics) =>
      new Relay(store, broker, { service, observer, ...relay, log }),
  },
  { provide: Heartbeat, inject: [OUTBOX_OPTIONS], useFactory: heartbeatOf },
  {
    provide: TombstoneSweep,
    inject: [OUTBOX_OPTIONS],
    useFactory: ({ pool, tombstones, log }: Options) => new TombstoneSweep(pool, { ...tombstones, log }),
  },
];

function publisherOf({ service, protocol = 'outbox' }: Options, broker: Broker): ChangePublisher {
  return protocol === 'outbox'
    ? new OutboxChangePublisher(service)
    : new ConfirmThenCommitChangePublisher(broker, { service });
}

function readingsOf({ service, pool, metrics, log }: Options, clock: DatabaseClock): OutboxReadings {
  const readings = new OutboxReadings(pool, clock);
  addOutboxGauges(metrics, { publisher: service, readings, log });
  return readings;
}

function heartbeatOf({ pool, heartbeatIntervalMs: intervalMs, log }: Options): Heartbeat {
  return new Heartbeat(pool, { ...(intervalMs !== undefined && { intervalMs }), log });
}
