import type { DbEvent, DbEventErrorCode } from '@dbem/db-event';
import type { Delivery } from '@dbem/transport';
import type { DecodedEvent } from '../events/decoded-event';
import type { ReplicaChange } from '../handlers/replica-handler';
import type { ApplyResult } from './apply-events';

/** Callbacks of an applier, for metrics and tests. */
export interface ApplierObserver {
  /** A transaction with these events has committed. */
  committed?(result: ApplyResult, events: readonly DecodedEvent[]): void;
  /** An event was published to a retry level. */
  retried?(delivery: Delivery): void;
  parked?(code: DbEventErrorCode, delivery: Delivery): void;
  /** A heartbeat was processed, and the database was available at this time by its own clock, ms since 1970. */
  heartbeat?(event: DbEvent, acknowledgedAtMs: number): void;
}

/** Counters since the start of this instance. */
export class ApplierCounts implements ApplierObserver {
  /** Events that changed the replica. */
  applied = 0;
  /** Events of a version that the replica already had, or of an older one. */
  stale = 0;
  /** The stale events that had failed before: a newer version of their entity was applied while they waited. */
  staleRetries = 0;
  /** Events that were deferred until their dependencies are applied. */
  deferredCount = 0;
  retriedCount = 0;
  parkedCount = 0;
  /** Time from the publisher's change to this replica's commit, for the last applied event, ms. */
  lastLagMs: number | undefined;

  committed({ applied, stale, staleRetries, deferred }: ApplyResult): void {
    this.applied += applied.length;
    this.stale += stale;
    this.deferredCount += deferred;
    this.staleRetries += staleRetries.length;
    const last = applied.findLast((change): change is TimedChange => change.changeTimeMs !== undefined);
    if (last !== undefined) this.lastLagMs = Date.now() - last.changeTimeMs;
  }

  retried(): void {
    this.retriedCount += 1;
  }

  parked(): void {
    this.parkedCount += 1;
  }
}

type TimedChange = ReplicaChange<unknown> & { readonly changeTimeMs: number };
