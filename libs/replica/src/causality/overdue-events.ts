import { DbEventError, type Queryable, rowsOf } from '@dbem/db-event';
import { inExclusiveTransaction } from '@dbem/postgres';
import type { Pool, PoolClient } from 'pg';
import { type DeferredEvent, type DeferredEventRow, deferredEventOf } from './deferred-event';
import type { DeferredEventLimits } from './deferred-event-limits';

/** Maxima of a round: its events are in memory with their bodies. A larger event has a round of its own. */
const ROUND_SIZE = 200;
const ROUND_BYTES = 8 * 1024 * 1024;

/** Events of one round, and whether more may be waiting. */
export interface Round<Event> {
  readonly events: readonly Event[];
  readonly isFull: boolean;
}

/** The oldest deferred events that match. `octet_length` does not read the bodies. */
const roundOf = (condition: string) => `
  SELECT * FROM (
    SELECT oldest.*, row_number() OVER by_age AS place, sum(octet_length(body)) OVER by_age AS total_bytes,
      count(*) OVER () AS matches
    FROM (
      SELECT deferred.* FROM db_event.deferred_event deferred
      WHERE ${condition}
      ORDER BY deferred.deferred_since
      LIMIT ${ROUND_SIZE}
    ) AS oldest
    WINDOW by_age AS (ORDER BY deferred_since ROWS UNBOUNDED PRECEDING)
  ) AS summed
  WHERE place = 1 OR total_bytes <= ${ROUND_BYTES}
  ORDER BY place`;

type RoundRow = DeferredEventRow & { readonly matches: string };

function readRound(rows: readonly RoundRow[]): Round<DeferredEvent> {
  const matches = Number(rows[0]?.matches ?? 0);
  return { events: rows.map(deferredEventOf), isFull: matches === ROUND_SIZE || rows.length < matches };
}

const RELEASABLE = roundOf(`
  EXISTS (
      SELECT FROM db_event.replica_version present
      WHERE (present.publisher, present.entity_type, present.entity_id)
          = (deferred.awaited_publisher, deferred.awaited_type, deferred.awaited_id)
        AND present.version >= coalesce(deferred.awaited_version, 0))
    OR EXISTS (SELECT FROM db_event.ended_subscription ended WHERE ended.publisher = deferred.awaited_publisher)`);

/**
 * Deferred events that wait for a change that the replica already has, or of a publisher whose subscription has ended.
 */
export async function releasableEvents(database: Queryable): Promise<Round<DeferredEvent>> {
  return readRound(rowsOf<RoundRow>(await database.query(RELEASABLE)));
}

/** Advisory lock that is used for nothing else in the database. */
const PARKING_LOCK = 5_043_201_973;

/** Runs `work` in a transaction, unless another instance is parking: two would park the same events. */
export async function asParking(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  await inExclusiveTransaction(pool, PARKING_LOCK, work);
}

const IS_OVERDUE = `
  (deferred.deferred_since < clock_timestamp() - make_interval(secs => $1::float8 / 1000)
    OR deferred.deferred_since < (SELECT deferred_since FROM db_event.deferred_event ORDER BY deferred_since DESC OFFSET greatest($2::bigint - 1, 0) LIMIT 1))`;

/** Events that were deferred while another instance applied a newer change of their entity. */
const DROP_STALE = `
  DELETE FROM db_event.deferred_event deferred USING db_event.replica_version present
  WHERE ${IS_OVERDUE}
    AND (present.publisher, present.entity_type, present.entity_id) = (deferred.publisher, deferred.entity_type, deferred.entity_id)
    AND present.version >= deferred.version`;

export async function dropStale(database: Queryable, limits: DeferredEventLimits): Promise<void> {
  await database.query(DROP_STALE, limitsOf(limits));
}

const OVERDUE = roundOf(IS_OVERDUE);

/** The oldest of the events that have waited for too long or exceed the maximum count, with the reason. */
export async function overdueEvents(
  database: Queryable,
  limits: DeferredEventLimits,
): Promise<Round<{ deferred: DeferredEvent; error: DbEventError }>> {
  const [maxAgeMs, maxCount] = limitsOf(limits);
  const { events, isFull } = readRound(rowsOf<RoundRow>(await database.query(OVERDUE, [maxAgeMs, maxCount])));
  const overdue = events.map((deferred) => {
    const { publisher, entityType, entityId, minimumVersion } = deferred.waitsFor;
    const version = minimumVersion === undefined ? '' : ` at version ${minimumVersion}`;
    const missing = `${entityType} "${entityId}" of ${publisher}${version}`;
    const limits = `waiting since ${deferred.deferredSince.toISOString()}; limits: ${maxAgeMs} ms, ${maxCount} events`;
    const text = `The event depends on ${missing}, which the replica does not have (${limits})`;
    return { deferred, error: new DbEventError('DEPENDENCY_MISSING', text, { retryable: true }) };
  });
  return { events: overdue, isFull };
}

function limitsOf({ maxAgeMs = 600_000, maxCount = 100_000 }: DeferredEventLimits): [number, number] {
  return [maxAgeMs, maxCount];
}
