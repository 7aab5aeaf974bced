import { type Queryable, rowsOf, type Version } from '@dbem/db-event';
import { currentTraceContext } from '@dbem/platform';
import type { Change } from '../change';
import { APPENDED_CHANNEL } from './outbox-schema';
import { STAMPED } from './stamp-versions';

/**
 * One statement: entities stamped, rows in, relay woken (when the transaction commits), versions back in the order of the
 * changes.
 *
 * NOTIFY makes committing transactions queue for a moment; PostgreSQL sends repeated ones of a transaction once.
 */
const APPEND = `
  WITH change AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[])
      WITH ORDINALITY AS change (entity_type, entity_id, crud_type, entity, place)
  ), ${STAMPED}, appended AS (
    INSERT INTO db_event.outbox (version, entity_type, entity_id, crud_type, entity, changed_at, trace_context)
    SELECT version, entity_type, entity_id, crud_type, entity, changed_at, $5::jsonb
    FROM stamped JOIN change USING (entity_type, entity_id)
  )
  SELECT version, pg_notify('${APPENDED_CHANNEL}', '')
  FROM stamped JOIN change USING (entity_type, entity_id) ORDER BY place`;

/** Appends changes to the outbox, in the caller's transaction. @returns their versions, in the same order. */
export async function appendChanges<Entity>(
  transaction: Queryable,
  changes: readonly Change<Entity>[],
): Promise<Version[]> {
  const traceContext = currentTraceContext();
  const answer = await transaction.query(APPEND, [
    changes.map(({ codec }) => codec.entityType),
    changes.map(({ codec, entity }) => codec.idOf(entity)),
    changes.map(({ crudType }) => crudType),
    changes.map(({ codec, entity }) => codec.encode(entity)),
    traceContext === undefined ? null : JSON.stringify(traceContext),
  ]);
  return rowsOf<{ version: string }>(answer).map(({ version }) => BigInt(version));
}
