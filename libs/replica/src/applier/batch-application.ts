import { DbEventError } from '@dbem/db-event';
import { inOwnTransaction } from '@dbem/postgres';
import { Backoff, checkpoint, type Log, pause } from '@dbem/runtime';
import type { Pool } from 'pg';
import type { DecodedEvent } from '../events/decoded-event';
import type { HandlerTable } from '../handlers/handler-table';
import { rejectBehindHorizon } from '../sweep/reject-behind-horizon';
import { applyBatch, type BatchResult } from './apply-batch';
import { classifyFailure } from './classify-failure';

/** An event that could not be applied, and why. */
export interface FailedEvent {
  readonly event: DecodedEvent;
  readonly error: DbEventError;
}

/** How often a batch is tried in place that failed for a passing reason of the database. */
const MAX_TRIES = 8;
/** The same for a part of a batch that failed so often: by then, waiting has not helped. */
const MAX_TRIES_OF_A_PART = 3;

/**
 * Applies a batch of events: in one transaction, or, where an event is to blame, in as few as it takes to find it.
 *
 * A failed transaction leaves nothing behind, so the batch is halved, and each half gets a transaction of its own, until
 * the bad events are alone: good events are committed once, and one bad event among n costs 2 log2(n) transactions more.
 * What the database says is passing is tried again in place first.
 */
export class BatchApplication {
  constructor(
    private readonly pool: Pool,
    private readonly handlers: HandlerTable,
    private readonly onCommitted: (result: BatchResult, events: readonly DecodedEvent[]) => void,
    private readonly stopping: AbortSignal,
    private readonly log: Log,
  ) {}

  /**
   * Resolves with the events that can't be applied; the others are committed, or stale.
   *
   * @throws DbEventError DATABASE_UNAVAILABLE, or the database's own error; some events may be committed, which are stale when they come
   *   again.
   */
  async apply(events: readonly DecodedEvent[], maxTries = MAX_TRIES): Promise<FailedEvent[]> {
    try {
      const result = await this.commit(events, maxTries);
      checkpoint('applier.committed');
      this.onCommitted(result, events);
      return [];
    } catch (error) {
      if (classifyFailure(error) === 'unavailable') throw error;
      return this.isolate(events, error);
    }
  }

  private async commit(events: readonly DecodedEvent[], maxTries: number): Promise<BatchResult> {
    const backoff = new Backoff({ initialMs: 20, maxMs: 2_000 });
    for (let tries = 1; ; tries += 1) {
      try {
        // Gate and writes belong together: one without the other would lose a change, or apply it twice.
        return await inOwnTransaction(this.pool, async (client) => {
          await rejectBehindHorizon(client, events);
          const result = await applyBatch(client, events, this.handlers);
          checkpoint('applier.written');
          return result;
        });
      } catch (error) {
        if (classifyFailure(error) === 'rejected' || tries >= maxTries || this.stopping.aborted) throw error;
        this.log.warn({ err: error, tries }, 'the database could not apply a batch; trying it again');
        await pause(backoff.next(), this.stopping);
      }
    }
  }

  private async isolate(events: readonly DecodedEvent[], error: unknown): Promise<FailedEvent[]> {
    const [event] = events;
    if (event === undefined) return [];
    if (events.length === 1) return [{ event, error: failureOf(error) }];
    const middle = Math.ceil(events.length / 2);
    return [
      ...(await this.apply(events.slice(0, middle), MAX_TRIES_OF_A_PART)),
      ...(await this.apply(events.slice(middle), MAX_TRIES_OF_A_PART)),
    ];
  }
}

function failureOf(cause: unknown): DbEventError {
  if (cause instanceof DbEventError) return cause;
  return new DbEventError('HANDLER_FAILED', `A handler failed: ${describe(cause)}`, { cause });
}

/** A handler may throw anything, also what can't be made a text. */
function describe(cause: unknown): string {
  try {
    return String(cause);
  } catch {
    return `a ${typeof cause} that can't be shown`;
  }
}
