import { performance } from 'node:perf_hooks';
import { type DbEvent, DbEventError, type Lifecycle } from '@dbem/db-event';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import {
  attemptsOf,
  type BatchHandler,
  type Broker,
  type Consumption,
  correlationOf,
  type Delivery,
  hasRetriesLeft,
  parkedMessage,
  retriedMessage,
  serviceQueueOf,
} from '@dbem/transport';
import type { Pool } from 'pg';
import type { DeferredEventLimits } from '../causality/deferred-event-limits';
import { type DecodedEvent, decodeEvent, eventIn } from '../events/decoded-event';
import type { HandlerTable } from '../handlers/handler-table';
import { databaseTimeAt } from '../postgres/database-time';
import type { ApplierObserver } from './applier-observer';
import type { BatchResult } from './apply-batch';
import { BatchApplication, type FailedEvent } from './batch-application';
import { DeferredEventMonitor, type DeferredEventOutlets } from './deferred-event-monitor';
import { ReadWriteLock } from './read-write-lock';
import { tracedHandler } from './traced-handler';

export interface ApplierOptions {
  readonly service: string;
  /**
   * Most deliveries deferred unacknowledged, however large. Default: 1,500, three full batches: while two are with the database the
   * broker sends the third.
   */
  readonly prefetch?: number;
  /** Most events in one transaction. Default: 500. */
  readonly maxBatch?: number;
  /** How long, and how many, events may wait for what they depend on. */
  readonly deferred?: DeferredEventLimits;
  readonly observer?: ApplierObserver;
  readonly log?: Log;
}

/** Many events: a transaction, and the five round trips that it takes, is for a number of them. */
const LINGER = { busyRate: 500, intervalMs: 20 };

/** A delivery that will never be applied as it is. */
interface Unusable {
  readonly delivery: Delivery;
  readonly error: DbEventError;
}

/** A batch by what is to be done with it. */
interface Decoded {
  readonly events: DecodedEvent[];
  readonly heartbeats: DbEvent[];
  readonly unusable: Unusable[];
}

/**
 * Applies the events of the service's queue to the replica, in batches. Any number of appliers may work on one queue.
 *
 * Two full batches may be with the database at once: the version gate orders them, entity by entity. Only what it can't order,
 * old publishers' events, goes by itself, in the order of its arrival (`ReadWriteLock`).
 *
 * A batch is acknowledged when each of its events is settled: applied, stale or deferred (committed), or sent, confirmed, to a retry
 * level or to the parked queue. Nothing is sent there before the good events are committed: a database that is away would
 * else make one more copy with each try. An event whose handler fails goes through the retry levels and is parked after
 * the last; meanwhile others, also newer ones of the same entity, are applied.
 */
export class Applier implements Lifecycle {
  private consumption: Consumption | undefined;
  private readonly stopping = new AbortController();
  private readonly turns = new ReadWriteLock();
  private readonly application: BatchApplication;
  private readonly keeper: DeferredEventMonitor;

  constructor(
    private readonly broker: Broker,
    private readonly pool: Pool,
    private readonly handlers: HandlerTable,
    private readonly options: ApplierOptions,
  ) {
    const onCommitted = (result: BatchResult, events: readonly DecodedEvent[]) => this.noteCommitted(result, events);
    this.application = new BatchApplication(pool, handlers, onCommitted, this.stopping.signal, this.log);
    const outlets: DeferredEventOutlets = {
      retryOrPark: (failed, now) => this.retryOrPark(failed, now),
      park: (delivery, error, now) => this.park(delivery, error, now),
    };
    this.keeper = new DeferredEventMonitor(pool, handlers, this.application, outlets, {
      ...options.deferred,
      log: this.log,
    });
  }

  async start(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const { service, prefetch = 1_500, maxBatch = 500 } = this.options;
    const handle = tracedHandler(this.handle, service);
    this.consumption ??= this.broker.consume(serviceQueueOf(service), handle, {
      prefetch,
      maxBatch,
      fullBatchesAhead: 1,
      linger: LINGER,
    });
    await this.keeper.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.consumption?.stop(), this.keeper.stop()]);
  }

  /** Deferred events may have nothing to wait for any more: look soon. */
  recheckDeferred(): void {
    this.keeper.poke();
  }

  get isRegistered(): boolean {
    return this.consumption?.isRegistered ?? false;
  }

  private readonly handle: BatchHandler = (deliveries) => {
    const decoded = this.decode(deliveries);
    const isOrdered =
      decoded.heartbeats.length > 0 || decoded.events.some(({ change }) => change.version === undefined);
    return this.turns.take(isOrdered, () => this.settle(decoded));
  };

  private async settle({ events, heartbeats, unusable }: Decoded): Promise<void> {
    const begun = performance.now();
    const failed = events.length === 0 ? [] : await this.application.apply(events);
    // By this time an old publisher's event is ordered (see `passGate`): the database's, and before any of the batch was applied.
    const now = failed.length === 0 ? new Date() : await databaseTimeAt(this.pool, begun);
    const outcomes = await Promise.allSettled([
      ...unusable.map(({ delivery, error }) => this.park(delivery, error, now)),
      ...failed.map((failure) => this.retryOrPark(failure, now)),
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

  /** The database is asked for the time: so a heartbeat has come through only where an event could be applied. */
  private async acknowledgeHeartbeats(heartbeats: readonly DbEvent[]): Promise<void> {
    const { rows } = await this.pool.query<{ now_ms: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now_ms',
    );
    for (const event of heartbeats) this.options.observer?.heartbeat?.(event, rows[0]?.now_ms ?? Date.now());
  }

  private noteCommitted({ releaseError, ...result }: BatchResult, events: readonly DecodedEvent[]): void {
    this.options.observer?.settled?.(result, events);
    if (releaseError !== undefined) {
      this.log.warn(
        { err: releaseError },
        'could not release deferred events with what they waited for; now one by one',
      );
      this.recheckDeferred();
    }
    for (const { change, delivery } of result.staleRetries) {
      const { publisher, entityType, entityId, version } = change;
      this.log.info(
        {
          publisher,
          entityType,
          entityId,
          version: version?.toString(),
          attempts: attemptsOf(delivery),
          ...correlationOf(delivery),
        },
        'retried event is stale: a newer version of its entity has been applied',
      );
    }
  }

  private async retryOrPark({ event: { delivery }, error }: FailedEvent, now: Date): Promise<void> {
    // Waiting makes no event younger.
    if (!hasRetriesLeft(delivery) || error.code === 'EVENT_BEHIND_HORIZON') {
      await this.park(delivery, error, now);
      return;
    }
    await this.broker.publish(retriedMessage(delivery, this.options.service, now));
    this.log.warn({ err: error, ...correlationOf(delivery) }, 'could not apply an event; it is tried again later');
    this.options.observer?.retried?.(delivery);
  }

  private async park(delivery: Delivery, error: DbEventError, now: Date): Promise<void> {
    await this.broker.publish(parkedMessage(delivery, this.options.service, error, now));
    this.log.warn({ code: error.code, reason: error.message, ...correlationOf(delivery) }, 'parked an event');
    this.options.observer?.parked?.(error.code, delivery);
  }

  private get log(): Log {
    return this.options.log ?? SILENT_LOG;
  }
}
