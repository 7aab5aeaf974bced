import { type Queryable, rowsOf, type Version } from '@dbem/db-event';
import type { Change } from '../change';

/**
 * Common table expression `stamped`, over `change (entity_type, entity_id, crud_type, place)`: gives each entity its next
 * version and notes it in `db_event.entity_version`.
 *
 * The version is drawn when the entity's row there is this transaction's: two transactions on one id wait for each other at
 * its unique key, and the one that goes second draws the greater version, even where it had been the first to ask.
 */
export const STAMPED = `
  stamped AS (
    INSERT INTO db_event.entity_version (entity_type, entity_id, version, deleted)
    SELECT entity_type, entity_id, nextval('db_event.version'), crud_type = 'DELETE' FROM change ORDER BY place
    ON CONFLICT (entity_type, entity_id) DO UPDATE
    SET version = nextval('db_event.version'), deleted = excluded.deleted, changed_at = clock_timestamp()
    RETURNING entity_type, entity_id, version, changed_at
  )`;

const STAMP = `
  WITH change AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
      WITH ORDINALITY AS change (entity_type, entity_id, crud_type, place)
  ), ${STAMPED}
  SELECT version FROM stamped JOIN change USING (entity_type, entity_id) ORDER BY place`;

/** Gives changes their versions without appending them; in the caller's transaction, after its writes. */
export async function stampVersions<Entity>(
  transaction: Queryable,
  changes: readonly Change<Entity>[],
): Promise<Version[]> {
  const answer = await transaction.query(STAMP, [
    changes.map(({ codec }) => codec.entityType),
    changes.map(({ codec, entity }) => codec.idOf(entity)),
    changes.map(({ crudType }) => crudType),
  ]);
  return rowsOf<{ version: string }>(answer).map(({ version }) => BigInt(version));
}
