import { DbEventError } from '@dbem/db-event';
import type { Forecast } from '@dbem/transport';
import type { ClientBase } from 'pg';
import { applyEvents } from '../applier/apply-events';
import { judgeFailure } from '../applier/judge-failure';
import type { DecodedEvent } from '../events/decoded-event';
import { rejectTooOld } from '../sweep/reject-too-old';

export type Trial =
  /** `refused`: the version gate did not let it through. */
  { readonly kind: 'applied' | 'refused' } | { readonly kind: 'waits' | 'failed'; readonly forecast: Forecast };

const MAX_CAUSES = 10;
const MAX_REASON_LENGTH = 500;

/** Tries one event; what it has written stays in the transaction only if it was applied. @throws as `applyEvents`, if no event is to blame */
export async function tryEvent(transaction: ClientBase, event: DecodedEvent): Promise<Trial> {
  await transaction.query('SAVEPOINT db_event_rehearsal');
  try {
    await rejectTooOld(transaction, [event]);
    const { applied, stale } = await applyEvents(transaction, [event]);
    if (applied.length > 0) {
      // A statement that had failed, which the handler swallowed, shows here, as it would at the commit.
      await transaction.query('RELEASE SAVEPOINT db_event_rehearsal');
      return { kind: 'applied' };
    }
    await transaction.query('ROLLBACK TO SAVEPOINT db_event_rehearsal');
    return stale > 0 ? { kind: 'refused' } : { kind: 'waits', forecast: waiting(event) };
  } catch (error) {
    if (judgeFailure(error) !== 'rejected') throw error;
    await transaction.query('ROLLBACK TO SAVEPOINT db_event_rehearsal');
    return { kind: 'failed', forecast: failing(error) };
  }
}

export function failing(error: unknown): Forecast {
  const reason = (error instanceof Error ? error.message : typeof error).slice(0, MAX_REASON_LENGTH);
  return { outcome: couldNotBeTried(error) ? 'unknown' : 'still fails', reason };
}

function couldNotBeTried(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < MAX_CAUSES && cause instanceof Error; depth += 1) {
    if (cause instanceof DbEventError && cause.code === 'REHEARSAL_IMPOSSIBLE') return true;
    cause = cause.cause;
  }
  return false;
}

function waiting({ dependencies }: DecodedEvent): Forecast {
  const named = dependencies.map(({ publisher, entityType, entityId }) => `${entityType} ${entityId} of ${publisher}`);
  return { outcome: 'would wait', reason: `It depends on ${named.join(', ')}`.slice(0, MAX_REASON_LENGTH) };
}
