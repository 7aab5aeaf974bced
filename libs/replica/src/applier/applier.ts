import { type DbEvent, DbEventError, type Lifecycle } from '@dbem/db-event';
import type { Log } from '@dbem/runtime';
import {
  aloneMessage,
  type BatchHandler,
  type Broker,
  type Consumption,
  type Delivery,
  serviceQueueOf,
} from '@dbem/transport';
import type { Pool } from 'pg';
import type { DeferredEventLimits } from '../causality/deferred-event-limits';
import { type DecodedEvent, decodeEvent, eventIn } from '../events/decoded-event';
import type { HandlerTable } from '../handlers/handler-table';
import type { ApplierObserver } from './applier-observer';
import type { BatchApplication } from './batch-application';
import type { DeferredEventMonitor } from './deferred-event-monitor';
import type { FailurePublisher } from './failure-publisher';
import { ReadWriteLock } from './read-write-lock';
import { tracedHandler } from './traced-handler';

export interface ApplierOptions {
  readonly service: string;
  /**
   * Maximum unacknowledged messages, each of which may carry up to 500 events. Default: 128.
   */
  readonly prefetch?: number;
  /** Maximum events per transaction. Default: 500. */
  readonly maxBatch?: number;
  /** How many events may wait for their dependencies, and for how long. */
  readonly deferred?: DeferredEventLimits;
  readonly observer?: ApplierObserver;
  readonly log?: Log;
}

/** Under load, batches linger so that more events share a transaction and its five round trips. */
const LINGER = { busyRate: 500, intervalMs: 20 };

/** Shared by an applier's deliveries and its deferred events; see `createApplier`. */
export interface ApplierParts {
  readonly application: BatchApplication;
  readonly failures: FailurePublisher;
  readonly deferredEvents: DeferredEventMonitor;
}

/** A delivery that can never be applied. */
interface Unusable {
  readonly delivery: Delivery;
  readonly error: DbEventError;
}

/** A batch, grouped by how it is processed. */
interface Decoded {
  readonly events: DecodedEvent[];
  readonly heartbeats: DbEvent[];
  readonly unusable: Unusable[];
}

/**
 * Applies the events of the service's queue to the replica, in batches. Any number of appliers may consume one queue.
 *
 * Two full batches may be in the database at once: the version gate orders them, entity by entity. Batches with events
 * of legacy publishers run alone and in the order of delivery (`ReadWriteLock`): the gate can't order an event without
 * a version against one with a version.
 *
 * A batch is acknowledged when each of its events is applied, stale or deferred (committed), or published (confirmed)
 * to a retry level or to the parked queue. Nothing is published there before the good events are committed: with an
 * unavailable database, each redelivery would publish a duplicate. An event whose handler fails goes through the retry
 * levels and is parked after the last; in the meantime other events are applied, including newer ones of the same
 * entity.
 */
export class Applier implements Lifecycle {
  private consumption: Consumption | undefined;
  private isStopped = false;
  private readonly lock = new ReadWriteLock();

  constructor(
    private readonly broker: Broker,
    private readonly pool: Pool,
    private readonly handlers: HandlerTable,
    private readonly parts: ApplierParts,
    private readonly options: ApplierOptions,
  ) {}

  async start(): Promise<void> {
    if (this.isStopped) return;
    const { service, prefetch = 128, maxBatch = 500 } = this.options;
    const handle = tracedHandler(this.handle, service);
    this.consumption ??= this.broker.consume(serviceQueueOf(service), handle, {
      prefetch,
      maxBatch,
      fullBatchesAhead: 1,
      linger: LINGER,
      batches: { alone: (element) => aloneMessage(element, service) },
    });
    await this.parts.deferredEvents.start();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.parts.application.stop();
    await Promise.all([this.consumption?.stop(), this.parts.deferredEvents.stop()]);
  }

  /** To be called when deferred events may have nothing left to wait for: checks all of them soon. */
  recheckDeferred(): void {
    this.parts.deferredEvents.wake();
  }

  get isRegistered(): boolean {
    return this.consumption?.isRegistered ?? false;
  }

  private readonly handle: BatchHandler = (deliveries) => {
    const decoded = this.decode(deliveries);
    const isExclusive =
      decoded.heartbeats.length > 0 || decoded.events.some(({ change }) => change.version === undefined);
    return this.lock.run(isExclusive, () => this.process(decoded));
  };

  private async process({ events, heartbeats, unusable }: Decoded): Promise<void> {
    const { application, failures } = this.parts;
    const failed = events.length === 0 ? [] : await application.apply(events);
    const now = new Date();
    const outcomes = await Promise.allSettled([
      ...unusable.map(({ delivery, error }) => failures.park(delivery, error, now)),
      ...failed.map((failure) => failures.retryOrPark(failure, now)),
    ]);
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    if (heartbeats.length > 0) await this.acknowledgeHeartbeats(heartbeats);
  }

  private decode(deliveries: readonly Delivery[]): Decoded {
    const events: DecodedEvent[] = [];
    const heartbeats: DbEvent[] = [];
    const unusable: Unusable[] = [];
    for (const delivery of deliveries) {
      try {
        if (delivery.fault !== undefined) throw delivery.fault;
        const event = eventIn(delivery);
        if (event.isHeartbeat) heartbeats.push(event);
        else events.push(decodeEvent(event, delivery, this.handlers));
      } catch (error) {
        if (!(error instanceof DbEventError)) throw error;
        unusable.push({ delivery, error });
      }
    }
    return { events, heartbeats, unusable };
  }

  /**
   * Queries the time from the database, so that a heartbeat counts as processed only if an event could have been
   * applied.
   */
  private async acknowledgeHeartbeats(heartbeats: readonly DbEvent[]): Promise<void> {
    const { rows } = await this.pool.query<{ now_ms: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now_ms',
    );
    for (const event of heartbeats) this.options.observer?.heartbeat?.(event, rows[0]?.now_ms ?? Date.now());
  }
}
