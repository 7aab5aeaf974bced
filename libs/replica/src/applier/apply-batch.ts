import type { ClientBase } from 'pg';
import type { DeferredEvent } from '../causality/deferred-event';
import { followChanges } from '../causality/deferred-events';
import { type DecodedEvent, decodeEvent, eventIn } from '../events/decoded-event';
import type { HandlerTable } from '../handlers/handler-table';
import { type ApplyResult, applyEvents } from './apply-events';
import { classifyFailure } from './classify-failure';

export interface BatchResult extends ApplyResult {
  /** Deferred events could not be released: they are deferred still, and must be looked at one by one. */
  readonly releaseError?: unknown;
}

/**
 * Applies events, and in the same transaction what was deferred for them, and what was deferred for that, and so on.
 *
 * A deferred event whose handler fails must not take the change with it that releases it: each wave has a savepoint.
 */
export async function applyBatch(
  transaction: ClientBase,
  events: readonly DecodedEvent[],
  handlers: HandlerTable,
): Promise<BatchResult> {
  let total: ApplyResult = await applyEvents(transaction, events);
  let news = total.applied;
  while (news.length > 0) {
    const waiting = await followChanges(transaction, news);
    if (waiting.length === 0) break;
    await transaction.query('SAVEPOINT db_event_release');
    try {
      const wave = await applyEvents(
        transaction,
        waiting.map((deferred) => releasedEvent(deferred, handlers)),
      );
      await transaction.query('RELEASE SAVEPOINT db_event_release');
      total = sumOf(total, wave);
      news = wave.applied;
    } catch (error) {
      if (classifyFailure(error) !== 'rejected') throw error;
      await transaction.query('ROLLBACK TO SAVEPOINT db_event_release');
      return { ...total, releaseError: error };
    }
  }
  return total;
}

/** @throws DbEventError as `decodeEvent`: the service's handlers are other ones than when it was deferred. */
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
    heldEvents: [...total.heldEvents, ...wave.heldEvents],
  };
}
