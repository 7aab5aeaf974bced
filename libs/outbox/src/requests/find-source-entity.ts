import type { SourceEntity, SourceEntityKey } from '@dbem/transport';
import type { Pool } from 'pg';

const FIND = `
  SELECT present.version::text, coalesce(present.deleted, false) AS deleted,
    floor(extract(epoch FROM present.changed_at) * 1000)::float8 AS changed_at_ms,
    ARRAY(
      SELECT version::text FROM db_event.outbox WHERE (entity_type, entity_id) = ($1, $2) ORDER BY outbox.version
    ) AS unpublished
  FROM (SELECT) AS always
  LEFT JOIN db_event.entity_version present ON (present.entity_type, present.entity_id) = ($1, $2)`;

/** The version of an entity at its publisher, and its versions that are still in the outbox. */
export async function findSourceEntity(pool: Pool, { entityType, entityId }: SourceEntityKey): Promise<SourceEntity> {
  const { rows } = await pool.query<FoundRow>(FIND, [entityType, entityId]);
  const { version, deleted, changed_at_ms, unpublished } = rows[0] as FoundRow;
  return { version, deleted, changedAtMs: changed_at_ms, unpublished };
}

interface FoundRow {
  version: string | null;
  deleted: boolean;
  changed_at_ms: number | null;
  unpublished: string[];
}
