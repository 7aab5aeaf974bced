import type { Pool } from 'pg';
import { PUBLISHER } from './project-tables';

/** Inserts rows p000001, p000002, … at the source without versions, as if they were older than the service's outbox. */
export async function fillSource(source: Pool, rows: number): Promise<void> {
  await source.query(
    "INSERT INTO project SELECT 'p' || lpad(g::text, 6, '0'), 'n' || g FROM generate_series(1, $1::int) g",
    [rows],
  );
}

/** Inserts such rows at both endpoints, with versions, as after a backfill. */
export async function fillBoth(source: Pool, replica: Pool, rows: number): Promise<void> {
  await fillSource(source, rows);
  const { rows: stamped } = await source.query<{ ids: string[]; names: string[]; versions: string[] }>(`
    WITH stamped AS (
      INSERT INTO db_event.entity_version (entity_type, entity_id, version, deleted)
      SELECT 'PROJECT', id, nextval('db_event.version'), false FROM project RETURNING entity_id, version
    )
    SELECT array_agg(id) AS ids, array_agg(name) AS names, array_agg(version::text) AS versions
    FROM project JOIN stamped ON entity_id = id`);
  const { ids, names, versions } = stamped[0] ?? {};
  await replica.query('INSERT INTO project SELECT * FROM unnest($1::text[], $2::text[])', [ids, names]);
  await replica.query(
    `INSERT INTO db_event.replica_version (publisher, entity_type, entity_id, version, deleted)
     SELECT $1, 'PROJECT', entity_id, version, false FROM unnest($2::text[], $3::bigint[]) AS row (entity_id, version)`,
    [PUBLISHER, ids, versions],
  );
}
