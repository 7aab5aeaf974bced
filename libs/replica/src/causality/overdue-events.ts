import { DbEventError, type Queryable, rowsOf } from '@dbem/db-event';
import { inExclusiveTransaction } from '@dbem/postgres';
import type { Pool, PoolClient } from 'pg';
import { type HeldEvent, type HeldEventRow, heldEventOf } from './held-event';
import type { HeldEventLimits } from './held-event-limits';

/** Most events in one round: each is in memory with its bytes. */
export const ROUND_SIZE = 200;

const RELEASABLE = `
  SELECT held.* FROM db_event.held_event held
  WHERE EXISTS (
      SELECT FROM db_event.replica_version present
      WHERE (present.publisher, present.entity_type, present.entity_id)
          = (held.awaited_publisher, held.awaited_type, held.awaited_id)
        AND present.version >= coalesce(held.awaited_version, 0))
    OR EXISTS (SELECT FROM db_event.ended_subscription ended WHERE ended.publisher = held.awaited_publisher)
  ORDER BY held.held_since
  LIMIT ${ROUND_SIZE}`;

/** What waits for a change that the replica has, or no longer hears. */
export async function releasableEvents(database: Queryable): Promise<HeldEvent[]> {
  return rowsOf<HeldEventRow>(await database.query(RELEASABLE)).map(heldEventOf);
}

/** Any number that no other part of the database uses. */
const PARKING_LOCK = 5_043_201_973;

/** Runs `work` in a transaction, unless another instance is at it now: two would park the same events. */
export async function asParking(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  await inExclusiveTransaction(pool, PARKING_LOCK, work);
}

const IS_OVERDUE = `
  (held.held_since < clock_timestamp() - make_interval(secs => $1::float8 / 1000)
    OR held.held_since < (SELECT held_since FROM db_event.held_event ORDER BY held_since DESC OFFSET greatest($2::bigint - 1, 0) LIMIT 1))`;

/** Their entity has gone on without them: they came to be held while another instance applied a newer change. */
const DROP_OBSOLETE = `
  DELETE FROM db_event.held_event held USING db_event.replica_version present
  WHERE ${IS_OVERDUE}
    AND (present.publisher, present.entity_type, present.entity_id) = (held.publisher, held.entity_type, held.entity_id)
    AND present.version >= held.version`;

export async function dropObsolete(database: Queryable, limits: HeldEventLimits): Promise<void> {
  await database.query(DROP_OBSOLETE, limitsOf(limits));
}

const OVERDUE = `
  SELECT held.* FROM db_event.held_event held WHERE ${IS_OVERDUE} ORDER BY held.held_since LIMIT ${ROUND_SIZE}`;

/** The oldest of what waits too long, or is too much, with the reason. */
export async function overdueEvents(
  database: Queryable,
  limits: HeldEventLimits,
): Promise<{ held: HeldEvent; error: DbEventError }[]> {
  const [maxAgeMs, maxCount] = limitsOf(limits);
  const rows = rowsOf<HeldEventRow>(await database.query(OVERDUE, [maxAgeMs, maxCount]));
  return rows.map(heldEventOf).map((held) => {
    const { publisher, entityType, entityId, minimumVersion } = held.waitsFor;
    const missing = `${entityType} "${entityId}" of ${publisher}${minimumVersion === undefined ? '' : ` in version ${minimumVersion}`}`;
    const limit = `it waited from ${held.heldSince.toISOString()} on; ${maxAgeMs} ms and ${maxCount} events are allowed`;
    const error = new DbEventError(
      'DEPENDENCY_MISSING',
      `The replica has not got the ${missing} that it depends on: ${limit}`,
      {
        retryable: true,
      },
    );
    return { held, error };
  });
}

function limitsOf({ maxAgeMs = 600_000, maxCount = 100_000 }: HeldEventLimits): [number, number] {
  return [maxAgeMs, maxCount];
}
