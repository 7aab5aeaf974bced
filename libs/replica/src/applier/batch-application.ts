import { DbEventError } from '@dbem/db-event';
import { inOwnTransaction } from '@dbem/postgres';
import { Backoff, checkpoint, type Log, pause } from '@dbem/runtime';
import { attemptsOf, correlationOf } from '@dbem/transport';
import type { Pool } from 'pg';
import type { DecodedEvent } from '../events/decoded-event';
import type { HandlerTable } from '../handlers/handler-table';
import { rejectBehindHorizon } from '../sweep/reject-behind-horizon';
import type { ApplierObserver } from './applier-observer';
import { applyBatch, type BatchResult } from './apply-batch';
import { classifyFailure } from './classify-failure';

/** An event that could not be applied, and why. */
export interface FailedEvent {
  readonly event: DecodedEvent;
  readonly error: DbEventError;
}

/** Attempts to apply a batch that fails for a transient reason. */
const MAX_ATTEMPTS = 8;
/** Attempts for each part of such a batch: waiting has not helped by then. */
const MAX_ATTEMPTS_OF_A_PART = 3;

/**
 * Applies a batch of events in one transaction or, if an event fails, in as few transactions as it takes to isolate
 * that event.
 *
 * A failed transaction is rolled back, so the batch is halved, and each half gets its own transaction, until the
 * failing events are alone. Good events are committed once; one bad event among n costs 2 log2(n) more transactions.
 * Transient failures are retried before the batch is halved.
 */
export class BatchApplication {
  private readonly stopping = new AbortController();
  private releaseFailed = () => {};

  constructor(
    private readonly pool: Pool,
    private readonly handlers: HandlerTable,
    private readonly observer: ApplierObserver,
    private readonly log: Log,
  ) {}

  /** Calls `listener` when a batch was committed, but the deferred events that depended on it could not be released. */
  onReleaseFailed(listener: () => void): void {
    this.releaseFailed = listener;
  }

  /** Ends the retries of a batch: it fails as it would after the last attempt. */
  stop(): void {
    this.stopping.abort();
  }

  /**
   * Resolves with the events that can't be applied; the others are committed, or stale.
   *
   * @throws DbEventError DATABASE_UNAVAILABLE, or the database's error. Some events may be committed; they are stale
   *   when they are redelivered.
   */
  async apply(events: readonly DecodedEvent[], maxAttempts = MAX_ATTEMPTS): Promise<FailedEvent[]> {
    try {
      const result = await this.commit(events, maxAttempts);
      checkpoint('applier.committed');
      this.report(result, events);
      return [];
    } catch (error) {
      if (classifyFailure(error) === 'unavailable') throw error;
      return this.isolate(events, error);
    }
  }

  private async commit(events: readonly DecodedEvent[], maxAttempts: number): Promise<BatchResult> {
    const backoff = new Backoff({ initialMs: 20, maxMs: 2_000 });
    for (let attempts = 1; ; attempts += 1) {
      try {
        // Version gate and handlers in one transaction: otherwise a crash between them would lose a change or apply it
        // twice.
        return await inOwnTransaction(this.pool, async (client) => {
          await rejectBehindHorizon(client, events);
          const result = await applyBatch(client, events, this.handlers);
          checkpoint('applier.written');
          return result;
        });
      } catch (error) {
        if (classifyFailure(error) === 'rejected' || attempts >= maxAttempts || this.stopping.signal.aborted)
          throw error;
        this.log.warn({ attempts, err: error }, 'could not apply a batch; retrying');
        await pause(backoff.next(), this.stopping.signal);
      }
    }
  }

  private report({ releaseError, ...result }: BatchResult, events: readonly DecodedEvent[]): void {
    this.observer.committed?.(result, events);
    if (releaseError !== undefined) {
      this.log.warn(
        { err: releaseError },
        'could not release deferred events with their dependency; releasing them one by one',
      );
      this.releaseFailed();
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
        'retried event is stale; a newer version of its entity was applied',
      );
    }
  }

  private async isolate(events: readonly DecodedEvent[], error: unknown): Promise<FailedEvent[]> {
    const [event] = events;
    if (event === undefined) return [];
    if (events.length === 1) return [{ event, error: failureOf(error) }];
    const middle = Math.ceil(events.length / 2);
    return [
      ...(await this.apply(events.slice(0, middle), MAX_ATTEMPTS_OF_A_PART)),
      ...(await this.apply(events.slice(middle), MAX_ATTEMPTS_OF_A_PART)),
    ];
  }
}

function failureOf(cause: unknown): DbEventError {
  if (cause instanceof DbEventError) return cause;
  return new DbEventError('HANDLER_FAILED', `A handler failed: ${describe(cause)}`, { cause });
}

/** A handler may throw any value, including one that can't be converted to a string. */
function describe(cause: unknown): string {
  try {
    return String(cause);
  } catch {
    return `a ${typeof cause} that can't be converted to a string`;
  }
}
