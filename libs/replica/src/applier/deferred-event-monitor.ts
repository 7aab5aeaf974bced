import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { checkpoint, type Log, PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import type { Pool } from 'pg';
import type { DeferredEventLimits } from '../causality/deferred-event-limits';
import { dropDeferred } from '../causality/deferred-events';
import { asParking, dropStale, overdueEvents, releasableEvents } from '../causality/overdue-events';
import type { DecodedEvent } from '../events/decoded-event';
import type { HandlerTable } from '../handlers/handler-table';
import { releasedEvent } from './apply-batch';
import type { BatchApplication } from './batch-application';
import type { FailurePublisher } from './failure-publisher';

export interface DeferredEventMonitorOptions extends DeferredEventLimits {
  readonly log?: Log;
}

/**
 * Handles the deferred events that no change releases. Parks those that wait for too long or exceed the limit. Applies
 * those that could not be released with their dependency (a handler failed) or need not wait any longer (the
 * subscription has ended).
 *
 *   idle -start-> waiting -(interval, or wake)-> releasing, parking -> waiting …
 *   any -stop-> finishes its round -> stopped
 *
 * Any number of instances may share one table. A parked event is confirmed before its row is deleted, so a crash in
 * between parks it twice, but never loses it.
 */
export class DeferredEventMonitor implements Lifecycle {
  private readonly checking: PeriodicTask;
  private nextRecheckAtMs = 0;

  constructor(
    private readonly pool: Pool,
    private readonly handlers: HandlerTable,
    private readonly application: BatchApplication,
    private readonly failures: FailurePublisher,
    private readonly options: DeferredEventMonitorOptions,
  ) {
    const { checkIntervalMs = 2_000, log = SILENT_LOG } = options;
    application.onReleaseFailed(() => this.wake());
    this.checking = new PeriodicTask(() => this.check(), {
      intervalMs: checkIntervalMs,
      onError: (error) => log.debug({ err: error }, 'could not check deferred events; retrying'),
    });
  }

  start(): Promise<void> {
    return this.checking.start();
  }

  stop(): Promise<void> {
    return this.checking.stop();
  }

  /** Compares all deferred events with the replica soon. To be called when some may be releasable. */
  wake(): void {
    this.nextRecheckAtMs = 0;
    this.checking.wake();
  }

  private async check(): Promise<void> {
    const { recheckIntervalMs = 30_000 } = this.options;
    if (Date.now() >= this.nextRecheckAtMs) {
      this.nextRecheckAtMs = Date.now() + recheckIntervalMs;
      await this.release();
    }
    await this.park();
  }

  /** An event that fails is retried or parked through the broker, as any other event. */
  private async release(): Promise<void> {
    const { events: releasable, isFull } = await releasableEvents(this.pool);
    const events: DecodedEvent[] = [];
    for (const deferred of releasable) {
      try {
        events.push(releasedEvent(deferred, this.handlers));
      } catch (error) {
        if (!(error instanceof DbEventError)) throw error;
        await this.failures.park(deferred.delivery, error, new Date());
        await dropDeferred(this.pool, [deferred]);
      }
    }
    const failed = events.length === 0 ? [] : await this.application.apply(events);
    for (const failure of failed) {
      await this.failures.retryOrPark(failure, new Date());
      await dropDeferred(this.pool, [failure.event]);
    }
    if (isFull) this.wake();
  }

  private async park(): Promise<void> {
    await asParking(this.pool, async (client) => {
      await dropStale(client, this.options);
      const { events: overdue, isFull } = await overdueEvents(client, this.options);
      await Promise.all(overdue.map(({ deferred, error }) => this.failures.park(deferred.delivery, error, new Date())));
      if (overdue.length > 0) checkpoint('deferred.parked');
      await dropDeferred(
        client,
        overdue.map(({ deferred }) => deferred),
      );
      if (isFull) this.checking.wake();
    });
  }
}
