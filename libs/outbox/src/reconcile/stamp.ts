import { inOwnTransaction } from '@dbem/postgres';
import { inRangeSql } from '@dbem/reconcile';
import type { KeyRange } from '@dbem/transport';
import type { Pool } from 'pg';
import type { AnyReconcileSource } from './reconcile-source';
import { stampsSql } from './source-relation';

const LOCK_TIMEOUT_MS = 8_000;

/**
 * Gives a version to the entities of a range that have none: rows from before the service published, and rows that were written
 * without publishing.
 *
 * A transaction that has published a change of such an entity and is still open holds its key: this waits for it, and then
 * leaves the entity alone. One that publishes later waits for this, and gets the greater version. Either way no version ever
 * stands for two published states.
 *
 * @returns how many were stamped. Rejects with the database's error; 55P03 if an open transaction takes too long.
 */
export async function stampRange(pool: Pool, source: AnyReconcileSource, range: KeyRange): Promise<number> {
  const { entityType } = source.codec;
  const inRange = inRangeSql('entity_id', range, 1);
  const { rows } = await pool.query<{ entity_id: string }>(
    `SELECT entity_id FROM (SELECT entity_id FROM (${source.rows}) AS source WHERE ${inRange.sql}) AS entity
     LEFT JOIN (${stampsSql(entityType, inRange.sql)}) AS stamp ON stamped_id = entity_id
     WHERE stamped_id IS NULL ORDER BY entity_id`,
    inRange.params,
  );
  return stampEntities(
    pool,
    source,
    rows.map(({ entity_id }) => entity_id),
  );
}

/** See `stampRange`. */
export async function stampEntities(
  pool: Pool,
  source: AnyReconcileSource,
  entityIds: readonly string[],
): Promise<number> {
  if (entityIds.length === 0) return 0;
  // Its own transaction: a version must be committed before the state is read that it stands for.
  return inOwnTransaction(pool, async (client) => {
    await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    const { rowCount } = await client.query(STAMP(source.rows), [source.codec.entityType, entityIds]);
    return rowCount ?? 0;
  });
}

/**
 * A key that is there by now is left, unless it is a tombstone, and the same that this statement's snapshot shows beside the
 * row: one that was written since is of a delete that the snapshot does not show yet.
 */
const STAMP = (rows: string) => `
  INSERT INTO db_event.entity_version AS present (entity_type, entity_id, version, deleted)
  SELECT $1::text, entity_id, nextval('db_event.version'), false
  FROM (SELECT entity_id FROM (${rows}) AS source WHERE entity_id = ANY($2::text[]) ORDER BY entity_id) AS entity
  ON CONFLICT (entity_type, entity_id) DO UPDATE
  SET version = nextval('db_event.version'), deleted = false, changed_at = clock_timestamp()
  WHERE present.deleted AND present.version = (
    SELECT seen.version FROM db_event.entity_version AS seen
    WHERE seen.entity_type = present.entity_type AND seen.entity_id = present.entity_id
  )`;
