import { inOwnTransaction } from '@dbem/postgres';
import { inRangeSql } from '@dbem/reconcile';
import type { KeyRange } from '@dbem/transport';
import type { Pool } from 'pg';
import type { AnyReconcileSource } from './reconcile-source';
import { stampsSql } from './source-relation';

const LOCK_TIMEOUT_MS = 8_000;

/**
 * Stamps the entities of a range that have no version: rows that are older than the service's outbox, and rows that
 * were written without publishing.
 *
 * An open transaction that has published a change of such an entity has locked its key: this waits for it, and then
 * skips the entity. A transaction that publishes later waits for this one and gets the greater version. Either way no
 * version belongs to two published states.
 *
 * @returns the number of stamped entities. Rejects with the database's error; 55P03 if an open transaction takes too
 *   long.
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
  // Its own transaction: a version must be committed before its state is read.
  return inOwnTransaction(pool, async (client) => {
    await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    const { rowCount } = await client.query(STAMP(source.rows), [source.codec.entityType, entityIds]);
    return rowCount ?? 0;
  });
}

/**
 * An existing key is left unchanged, unless it is a tombstone and the same one that is in this statement's snapshot
 * together with the row: a newer tombstone belongs to a delete that is not in the snapshot.
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
