import { DbEventError, type Lifecycle } from '@dbem/db-event';
import {
  Backoff,
  checkpoint,
  inTransaction,
  isTransientDatabaseError,
  type Log,
  pause,
  SILENT_LOG,
} from '@dbem/platform';
import {
  type BatchHandler,
  type Broker,
  type Consumption,
  type Delivery,
  hasRetriesLeft,
  parkedMessage,
  retriedMessage,
  serviceQueueOf,
} from '@dbem/transport';
import type { Pool } from 'pg';
import type { HandlerTable } from '../handlers/handler-table';

import type { ApplierObserver } from './applier-observer';
import { type ApplyResult, applyEvents } from './apply-events';
import { type DecodedEvent, decodeDelivery } from './decoded-event';

export interface ApplierOptions {
  readonly service: string;
  /** Most deliveries held unacknowledged. Default: 1,000. */
  readonly prefetch?: number;
  /** Most events in one transaction. Default: 500. */
  readonly maxBatch?: number;
  readonly observer?: ApplierObserver;
  readonly log?: Log;
}

/** After so many tries in place of a batch that failed for a passing reason, the broker delivers it again. */
const MAX_TRANSIENT_TRIES = 8;

/**
 * Applies the events of the service's queue to the replica, in batches. Any number of appliers may work on one queue.
 *
 * A batch is acknowledged when each of its events is settled: applied or stale (committed), or sent, confirmed, to a retry
 * level or to the parked queue. What fails for a passing reason of the database is tried again in place. What fails for
 * another reason is found by halving the batch, each half in a transaction of its own, so that good events are applied
 * once; the bad one goes through the retry levels and is parked after the last.
 */
export class Applier implements Lifecycle {
  private consumption: Consumption | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly broker: Broker,
    private readonly pool: Pool,
    private readonly handlers: HandlerTable,
    private readonly options: ApplierOptions,
  ) {}

  async start(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const { service, prefetch = 1_000, maxBatch = 500 } = this.options;
    this.consumption ??= this.broker.consume(serviceQueueOf(service), this.handle, { prefetch, maxBatch });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.consumption?.stop();
  }

  get isAttached(): boolean {
    return this.consumption?.isAttached ?? false;
  }

  private readonly handle: BatchHandler = async (deliveries) => {
    const events: DecodedEvent[] = [];
    const settling: Promise<void>[] = [];
    for (const delivery of deliveries) {
      try {
        events.push(decodeDelivery(delivery, this.handlers));
      } catch (error) {
        if (!(error instanceof DbEventError)) throw error;
        settling.push(this.park(delivery, error));
      }
    }
    if (events.length > 0) settling.push(this.apply(events));
    const outcomes = await Promise.allSettled(settling);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  };

  private async apply(events: readonly DecodedEvent[]): Promise<void> {
    try {
      const { applied, stale } = await this.commit(events);
      checkpoint('applier.committed');
      this.options.observer?.settled?.({ applied, stale });
    } catch (error) {
      if (await this.isTransient(error)) throw error;
      await this.isolate(events, error);
    }
  }

  private async commit(events: readonly DecodedEvent[]): Promise<ApplyResult> {
    const backoff = new Backoff({ initialMs: 20, maxMs: 2_000 });
    for (let tries = 1; ; tries += 1) {
      try {
        // Gate and writes belong together: one without the other would lose a change, or apply it twice.
        return await inTransaction(this.pool, async (client) => {
          const result = await applyEvents(client, events);
          checkpoint('applier.written');
          return result;
        });
      } catch (error) {
        if (!isTransientDatabaseError(error) || tries >= MAX_TRANSIENT_TRIES || this.stopping.signal.aborted)
          throw error;
        this.log.warn({ err: error, tries }, 'the database could not apply a batch; trying it again');
        await pause(backoff.next(), this.stopping.signal);
      }
    }
  }

  private async isolate(events: readonly DecodedEvent[], error: unknown): Promise<void> {
    const [only] = events;
    if (events.length === 1 && only !== undefined) {
      await this.retryOrPark(only.delivery, error);
      return;
    }
    const middle = Math.ceil(events.length / 2);
    await this.apply(events.slice(0, middle));
    await this.apply(events.slice(middle));
  }

  private async retryOrPark(delivery: Delivery, cause: unknown): Promise<void> {
    const { service, observer } = this.options;
    const error =
      cause instanceof DbEventError
        ? cause
        : new DbEventError('HANDLER_FAILED', `A handler failed: ${cause}`, { cause });
    if (!hasRetriesLeft(delivery)) {
      await this.park(delivery, error);
      return;
    }
    await this.broker.publish(retriedMessage(delivery, service));
    this.log.warn({ err: error, messageId: delivery.messageId }, 'could not apply an event; it is tried again later');
    observer?.retried?.();
  }

  private async park(delivery: Delivery, error: DbEventError): Promise<void> {
    await this.broker.publish(parkedMessage(delivery, this.options.service, error));
    this.log.warn({ code: error.code, reason: error.message, messageId: delivery.messageId }, 'parked an event');
    this.options.observer?.parked?.(error.code);
  }

  /** An error that names no code may come from a lost connection as well as from a handler: then the database is asked. */
  private async isTransient(error: unknown): Promise<boolean> {
    if (isTransientDatabaseError(error)) return true;
    if (error instanceof DbEventError) return false;
    return this.pool.query('SELECT 1').then(
      () => false,
      () => true,
    );
  }

  private get log(): Log {
    return this.options.log ?? SILENT_LOG;
  }
}
