import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { checkpoint, type Log, PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import type { Delivery } from '@dbem/transport';
import type { Pool } from 'pg';
import type { DeferredEventLimits } from '../causality/deferred-event-limits';
import { dropDeferred } from '../causality/deferred-events';
import { asParking, dropStale, overdueEvents, ROUND_SIZE, releasableEvents } from '../causality/overdue-events';
import type { DecodedEvent } from '../events/decoded-event';
import type { HandlerTable } from '../handlers/handler-table';
import { releasedEvent } from './apply-batch';
import type { BatchApplication, FailedEvent } from './batch-application';

/** Where events go that can't be applied: to the broker, confirmed. */
export interface DeferredEventOutlets {
  retryOrPark(failed: FailedEvent, now: Date): Promise<void>;
  park(delivery: Delivery, error: DbEventError, now: Date): Promise<void>;
}

export interface DeferredEventMonitorOptions extends DeferredEventLimits {
  readonly log?: Log;
}

/**
 * Ends the waiting of deferred events that no change ends: it parks what waits too long, or is too much, and applies what the
 * transaction of its dependency could not (its handler failed) or what needs to wait no longer (the subscription has ended).
 *
 *   idle -start-> waiting -(interval, or poked)-> releasing, parking -> waiting …; any -stop-> finishes its round -> stopped
 *
 * Any number of instances may keep one table. What is parked is confirmed first and dropped then: a crash in between parks it
 * twice, never not at all.
 */
export class DeferredEventMonitor implements Lifecycle {
  private readonly keeping: PeriodicTask;
  private nextRecheckAtMs = 0;

  constructor(
    private readonly pool: Pool,
    private readonly handlers: HandlerTable,
    private readonly application: BatchApplication,
    private readonly outlets: DeferredEventOutlets,
    private readonly options: DeferredEventMonitorOptions,
  ) {
    const { checkIntervalMs = 2_000, log = SILENT_LOG } = options;
    this.keeping = new PeriodicTask(() => this.keep(), {
      intervalMs: checkIntervalMs,
      onError: (error) => log.debug({ err: error }, 'could not look after deferred events; trying again'),
    });
  }

  start(): Promise<void> {
    return this.keeping.start();
  }

  stop(): Promise<void> {
    return this.keeping.stop();
  }

  /** Compare all deferred events with the replica soon: there may be some to release. */
  poke(): void {
    this.nextRecheckAtMs = 0;
    this.keeping.wake();
  }

  private async keep(): Promise<void> {
    const { recheckIntervalMs = 30_000 } = this.options;
    if (Date.now() >= this.nextRecheckAtMs) {
      this.nextRecheckAtMs = Date.now() + recheckIntervalMs;
      await this.release();
    }
    await this.park();
  }

  /** What fails goes the way of every event that fails, by the broker, which forgets nothing either. */
  private async release(): Promise<void> {
    const releasable = await releasableEvents(this.pool);
    const events: DecodedEvent[] = [];
    for (const deferred of releasable) {
      try {
        events.push(releasedEvent(deferred, this.handlers));
      } catch (error) {
        if (!(error instanceof DbEventError)) throw error;
        await this.outlets.park(deferred.delivery, error, new Date());
        await dropDeferred(this.pool, [deferred]);
      }
    }
    const failures = events.length === 0 ? [] : await this.application.apply(events);
    for (const failed of failures) {
      await this.outlets.retryOrPark(failed, new Date());
      await dropDeferred(this.pool, [failed.event]);
    }
    if (releasable.length >= ROUND_SIZE) this.poke();
  }

  private async park(): Promise<void> {
    await asParking(this.pool, async (client) => {
      await dropStale(client, this.options);
      const overdue = await overdueEvents(client, this.options);
      await Promise.all(overdue.map(({ deferred, error }) => this.outlets.park(deferred.delivery, error, new Date())));
      if (overdue.length > 0) checkpoint('deferred.parked');
      await dropDeferred(
        client,
        overdue.map(({ deferred }) => deferred),
      );
    });
  }
}
