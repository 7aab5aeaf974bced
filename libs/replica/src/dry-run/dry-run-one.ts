import { DbEventError } from '@dbem/db-event';
import type { DryRunResult } from '@dbem/transport';
import type { ClientBase } from 'pg';
import { applyEvents } from '../applier/apply-events';
import { classifyFailure } from '../applier/classify-failure';
import type { DecodedEvent } from '../events/decoded-event';
import { rejectBehindHorizon } from '../sweep/reject-behind-horizon';

export type Attempt =
  /** `refused`: by the version gate. */
  { readonly kind: 'applied' | 'refused' } | { readonly kind: 'waits' | 'failed'; readonly result: DryRunResult };

const MAX_CAUSES = 10;
const MAX_REASON_LENGTH = 500;

/**
 * Applies one event; its writes stay in the transaction only if it is applied.
 *
 * @throws as `applyEvents`, if the failure is not the event's
 */
export async function dryRunOne(transaction: ClientBase, event: DecodedEvent): Promise<Attempt> {
  await transaction.query('SAVEPOINT db_event_dry_run');
  try {
    await rejectBehindHorizon(transaction, [event]);
    const { applied, stale } = await applyEvents(transaction, [event]);
    if (applied.length > 0) {
      // If the handler swallowed the error of a statement, this fails, as the commit would.
      await transaction.query('RELEASE SAVEPOINT db_event_dry_run');
      return { kind: 'applied' };
    }
    await transaction.query('ROLLBACK TO SAVEPOINT db_event_dry_run');
    return stale > 0 ? { kind: 'refused' } : { kind: 'waits', result: waiting(event) };
  } catch (error) {
    if (classifyFailure(error) !== 'rejected') throw error;
    await transaction.query('ROLLBACK TO SAVEPOINT db_event_dry_run');
    return { kind: 'failed', result: failing(error) };
  }
}

export function failing(error: unknown): DryRunResult {
  const reason = (error instanceof Error ? error.message : typeof error).slice(0, MAX_REASON_LENGTH);
  return { outcome: isDryRunImpossible(error) ? 'unknown' : 'still fails', reason };
}

function isDryRunImpossible(error: unknown): boolean {
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
