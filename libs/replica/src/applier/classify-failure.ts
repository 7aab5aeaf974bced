import { DbEventError } from '@dbem/db-event';
import { transientKindOf } from '@dbem/postgres';
import { DatabaseError } from 'pg';

/**
 * Why a transaction failed:
 *
 * - `unavailable`: the database is unavailable; no event is the cause.
 * - `contended`: it conflicted with another transaction, or took too long.
 * - `rejected`: a handler or one of its statements failed: an event is the cause.
 */
export type FailureKind = 'unavailable' | 'contended' | 'rejected';

/** Maximum length of a chain of causes that is searched. */
const MAX_CAUSES = 10;

/**
 * Only errors of the database itself count as `unavailable` or `contended`. Other errors of a handler, such as a
 * TypeError or a refused connection to another system, never block the queue. A missing table is `rejected`, too,
 * unless it is one of this library's (see `passGate`): the retry levels last longer than a migration, and a misspelt
 * name must not block other entities.
 */
export function classifyFailure(error: unknown): FailureKind {
  let cause = error;
  for (let depth = 0; depth < MAX_CAUSES && cause instanceof Error; depth += 1) {
    if (cause instanceof DbEventError && cause.code === 'DATABASE_UNAVAILABLE') return 'unavailable';
    const kind = cause instanceof DatabaseError ? transientKindOf(cause) : undefined;
    if (kind === 'unavailable' || kind === 'contended') return kind;
    cause = cause.cause;
  }
  return 'rejected';
}
