import type { ClientBase } from 'pg';
import type { DeferredEvent } from '../causality/deferred-event';
import { followChanges } from '../causality/deferred-events';
import { type DecodedEvent, decodeEvent, eventIn } from '../events/decoded-event';
import type { HandlerTable } from '../handlers/handler-table';
import { type ApplyResult, applyEvents } from './apply-events';
import { classifyFailure } from './classify-failure';

export interface BatchResult extends ApplyResult {
  /** Why deferred events could not be released. They are still deferred, and must be released one by one. */
  readonly releaseError?: unknown;
}

/**
 * Applies events and, in the same transaction, the deferred events that wait for them, the ones that wait for those,
 * and so on.
 *
 * Each wave of deferred events has a savepoint: if a handler fails for one of them, the changes that released them stay
 * applied.
 */
export async function applyBatch(
  transaction: ClientBase,
  events: readonly DecodedEvent[],
  handlers: HandlerTable,
): Promise<BatchResult> {
  let total: ApplyResult = await applyEvents(transaction, events);
  let newlyApplied = total.applied;
  while (newlyApplied.length > 0) {
    const waiting = await followChanges(transaction, newlyApplied);
    if (waiting.length === 0) break;
    await transaction.query('SAVEPOINT db_event_release');
    try {
      const wave = await applyEvents(
        transaction,
        waiting.map((deferred) => releasedEvent(deferred, handlers)),
      );
      await transaction.query('RELEASE SAVEPOINT db_event_release');
      total = sumOf(total, wave);
      newlyApplied = wave.applied;
    } catch (error) {
      if (classifyFailure(error) !== 'rejected') throw error;
      await transaction.query('ROLLBACK TO SAVEPOINT db_event_release');
      return { ...total, releaseError: error };
    }
  }
  return total;
}

/** @throws DbEventError as `decodeEvent`, if the service's handlers have changed since the event was deferred. */
export function releasedEvent({ delivery, deferredSince }: DeferredEvent, handlers: HandlerTable): DecodedEvent {
  return { ...decodeEvent(eventIn(delivery), delivery, handlers), deferredSince };
}

function sumOf(total: ApplyResult, wave: ApplyResult): ApplyResult {
  return {
    applied: [...total.applied, ...wave.applied],
    stale: total.stale + wave.stale,
    staleRetries: [...total.staleRetries, ...wave.staleRetries],
    deferred: total.deferred + wave.deferred,
    staleEvents: [...total.staleEvents, ...wave.staleEvents],
    deferredEvents: [...total.deferredEvents, ...wave.deferredEvents],
  };
}
