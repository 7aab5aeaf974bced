import { DbEventError } from '@dbem/db-event';
import type { DryRunResult } from '@dbem/transport';
import type { ClientBase } from 'pg';
import { applyEvents } from '../applier/apply-events';
import { classifyFailure } from '../applier/classify-failure';
import type { DecodedEvent } from '../events/decoded-event';
import { rejectBehindHorizon } from '../sweep/reject-behind-horizon';

export type Attempted =
  /** `refused`: the version gate did not let it through. */
  { readonly kind: 'applied' | 'refused' } | { readonly kind: 'waits' | 'failed'; readonly result: DryRunResult };

const MAX_CAUSES = 10;
const MAX_REASON_LENGTH = 500;

/** Tries one event; what it has written stays in the transaction only if it was applied. @throws as `applyEvents`, if no event is to blame */
export async function dryRunOne(transaction: ClientBase, event: DecodedEvent): Promise<Attempted> {
  await transaction.query('SAVEPOINT db_event_rehearsal');
  try {
    await rejectBehindHorizon(transaction, [event]);
    const { applied, stale } = await applyEvents(transaction, [event]);
    if (applied.length > 0) {
      // A statement that had failed, which the handler swallowed, shows here, as it would at the commit.
      await transaction.query('RELEASE SAVEPOINT db_event_rehearsal');
      return { kind: 'applied' };
    }
    await transaction.query('ROLLBACK TO SAVEPOINT db_event_rehearsal');
    return stale > 0 ? { kind: 'refused' } : { kind: 'waits', result: waiting(event) };
  } catch (error) {
    if (classifyFailure(error) !== 'rejected') throw error;
    await transaction.query('ROLLBACK TO SAVEPOINT db_event_rehearsal');
    return { kind: 'failed', result: failing(error) };
  }
}

export function failing(error: unknown): DryRunResult {
  const reason = (error instanceof Error ? error.message : typeof error).slice(0, MAX_REASON_LENGTH);
  return { outcome: couldNotBeTried(error) ? 'unknown' : 'still fails', reason };
}

function couldNotBeTried(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < MAX_CAUSES && cause instanceof Error; depth += 1) {
    if (cause instanceof DbEventError && cause.code === 'DRY_RUN_IMPOSSIBLE') return true;
    cause = cause.cause;
  }
  return false;
}

function waiting({ dependencies }: DecodedEvent): DryRunResult {
  const named = dependencies.map(({ publisher, entityType, entityId }) => `${entityType} ${entityId} of ${publisher}`);
  return { outcome: 'would wait', reason: `It depends on ${named.join(', ')}`.slice(0, MAX_REASON_LENGTH) };
}
