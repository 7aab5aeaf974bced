import { DbEventError } from '@dbem/db-event';
import { transientKindOf } from '@dbem/postgres';
import { DatabaseError } from 'pg';

/**
 * What a failed transaction says:
 *
 * - `unavailable`: the database can't be used now; no event is to blame.
 * - `contended`: another transaction was in the way, or this one took too long.
 * - `rejected`: a handler, or what it asked of the database, failed: an event is to blame.
 */
export type FailureKind = 'unavailable' | 'contended' | 'rejected';

/** How far down a chain of causes is looked. */
const MAX_CAUSES = 10;

/**
 * Judges by the database's own word only. A handler's other errors, a bug's TypeError or a refused connection to somewhere
 * else, never hold up the queue. A missing table is `rejected` too, unless it is the version gate's own (see `passGate`): the
 * retry levels bridge the time of a migration, and a name misspelt must not stop the other entities.
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
