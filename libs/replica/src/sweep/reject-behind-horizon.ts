import { DbEventError } from '@dbem/db-event';
import type { ClientBase } from 'pg';
import type { DecodedEvent } from '../events/decoded-event';
import { queryOwnTables } from '../postgres/own-tables';
import { SWEEP_LOCK } from './sweep-lock';

/**
 * Rows are at least two days old when swept, so a change younger than this is never behind the horizon, even with clock
 * skew.
 */
const YOUNG_MS = 24 * 60 * 60 * 1_000;

const FIND = `
  SELECT wanted.entity_id
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS wanted (publisher, entity_type, entity_id, version)
  JOIN db_event.replica_horizon horizon USING (publisher)
  LEFT JOIN db_event.replica_version present USING (publisher, entity_type, entity_id)
  WHERE present.version IS NULL AND wanted.version <= horizon.version
  LIMIT 1`;

/**
 * Rejects events behind the horizon whose entity has no row: the entity may have been deleted, and its tombstone swept.
 * To be called in the transaction that applies the events, which keeps a sweep from starting in between. Runs no query
 * for recent changes.
 *
 * A row that a backfill has just sent (READ) has the age of its last change, but existed a moment ago: it passes unless
 * it had failed before.
 *
 * @throws DbEventError EVENT_BEHIND_HORIZON
 */
export async function rejectBehindHorizon(transaction: ClientBase, events: readonly DecodedEvent[]): Promise<void> {
  const suspects = events.filter(isSuspect).map(({ change }) => change);
  if (suspects.length === 0) return;
  await transaction.query('SELECT pg_advisory_xact_lock_shared($1)', [SWEEP_LOCK]);
  const [found] = await queryOwnTables<{ entity_id: string }>(transaction, FIND, [
    suspects.map(({ publisher }) => publisher),
    suspects.map(({ entityType }) => entityType),
    suspects.map(({ entityId }) => entityId),
    suspects.map(({ version }) => String(version)),
  ]);
  if (found === undefined) return;
  throw new DbEventError(
    'EVENT_BEHIND_HORIZON',
    `The event of "${found.entity_id}" is older than the tombstones that this replica has swept, so the entity may have ` +
      'been deleted since. Reconcile it with its source instead',
  );
}

function isSuspect({ change, firstFailedAt }: DecodedEvent): boolean {
  if (change.version === undefined) return false;
  if (firstFailedAt !== undefined) return true;
  return change.crudType !== 'READ' && (change.changeTimeMs ?? 0) < Date.now() - YOUNG_MS;
}
