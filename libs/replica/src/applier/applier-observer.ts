import type { DbEvent, DbEventErrorCode } from '@dbem/db-event';
import type { Delivery } from '@dbem/transport';
import type { DecodedEvent } from '../events/decoded-event';
import type { ReplicaChange } from '../handlers/replica-handler';
import type { ApplyResult } from './apply-events';

/** What an applier does, for metrics and tests. */
export interface ApplierObserver {
  /** A transaction has committed; these events were in it. */
  settled?(result: ApplyResult, events: readonly DecodedEvent[]): void;
  /** An event waits in a retry level. */
  retried?(delivery: Delivery): void;
  parked?(code: DbEventErrorCode, delivery: Delivery): void;
  /** A heartbeat came through, and the database answered at this time by its own clock, ms since 1970. */
  heartbeat?(event: DbEvent, acknowledgedAtMs: number): void;
}

/** Counts since the start of this instance. */
export class ApplierCounts implements ApplierObserver {
  /** Events that changed the replica. */
  applied = 0;
  /** Events that were older than what the replica holds, or the same. */
  stale = 0;
  /** Of these, events that had failed before: a newer state of their entity was applied while they waited. */
  staleRetries = 0;
  /** Events that had to wait for what they depend on. */
  deferredCount = 0;
  retriedCount = 0;
  parkedCount = 0;
  /** From the publisher's change to this replica's commit, of the last event applied, ms. */
  lastLagMs: number | undefined;

  settled({ applied, stale, staleRetries, deferred }: ApplyResult): void {
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
