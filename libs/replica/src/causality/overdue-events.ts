import { DbEventError, type Queryable, rowsOf } from '@dbem/db-event';
import { inExclusiveTransaction } from '@dbem/postgres';
import type { Pool, PoolClient } from 'pg';
import { type DeferredEvent, type DeferredEventRow, deferredEventOf } from './deferred-event';
import type { DeferredEventLimits } from './deferred-event-limits';

/** Most events in one round: each is in memory with its bytes. */
export const ROUND_SIZE = 200;

const RELEASABLE = `
  SELECT deferred.* FROM db_event.deferred_event deferred
  WHERE EXISTS (
      SELECT FROM db_event.replica_version present
      WHERE (present.publisher, present.entity_type, present.entity_id)
          = (deferred.awaited_publisher, deferred.awaited_type, deferred.awaited_id)
        AND present.version >= coalesce(deferred.awaited_version, 0))
    OR EXISTS (SELECT FROM db_event.ended_subscription ended WHERE ended.publisher = deferred.awaited_publisher)
  ORDER BY deferred.deferred_since
  LIMIT ${ROUND_SIZE}`;

/** What waits for a change that the replica has, or no longer hears. */
export async function releasableEvents(database: Queryable): Promise<DeferredEvent[]> {
  return rowsOf<DeferredEventRow>(await database.query(RELEASABLE)).map(deferredEventOf);
}

/** Any number that no other part of the database uses. */
const PARKING_LOCK = 5_043_201_973;

/** Runs `work` in a transaction, unless another instance is at it now: two would park the same events. */
export async function asParking(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  await inExclusiveTransaction(pool, PARKING_LOCK, work);
}

const IS_OVERDUE = `
  (deferred.deferred_since < clock_timestamp() - make_interval(secs => $1::float8 / 1000)
    OR deferred.deferred_since < (SELECT deferred_since FROM db_event.deferred_event ORDER BY deferred_since DESC OFFSET greatest($2::bigint - 1, 0) LIMIT 1))`;

/** Their entity has gone on without them: they came to be deferred while another instance applied a newer change. */
const DROP_STALE = `
  DELETE FROM db_event.deferred_event deferred USING db_event.replica_version present
  WHERE ${IS_OVERDUE}
    AND (present.publisher, present.entity_type, present.entity_id) = (deferred.publisher, deferred.entity_type, deferred.entity_id)
    AND present.version >= deferred.version`;

export async function dropStale(database: Queryable, limits: DeferredEventLimits): Promise<void> {
  await database.query(DROP_STALE, limitsOf(limits));
}

const OVERDUE = `
  SELECT deferred.* FROM db_event.deferred_event deferred WHERE ${IS_OVERDUE} ORDER BY deferred.deferred_since LIMIT ${ROUND_SIZE}`;

/** The oldest of what waits too long, or is too much, with the reason. */
export async function overdueEvents(
  database: Queryable,
  limits: DeferredEventLimits,
): Promise<{ deferred: DeferredEvent; error: DbEventError }[]> {
  const [maxAgeMs, maxCount] = limitsOf(limits);
  const rows = rowsOf<DeferredEventRow>(await database.query(OVERDUE, [maxAgeMs, maxCount]));
  return rows.map(deferredEventOf).map((deferred) => {
    const { publisher, entityType, entityId, minimumVersion } = deferred.waitsFor;
    const missing = `${entityType} "${entityId}" of ${publisher}${minimumVersion === undefined ? '' : ` in version ${minimumVersion}`}`;
    const limit = `it waited from ${deferred.deferredSince.toISOString()} on; ${maxAgeMs} ms and ${maxCount} events are allowed`;
    const error = new DbEventError(
      'DEPENDENCY_MISSING',
      `The replica has not got the ${missing} that it depends on: ${limit}`,
      {
        retryable: true,
      },
    );
    return { deferred, error };
  });
}

function limitsOf({ maxAgeMs = 600_000, maxCount = 100_000 }: DeferredEventLimits): [number, number] {
  return [maxAgeMs, maxCount];
}
