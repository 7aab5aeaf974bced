import type { SourceEntity, SourceEntityKey } from '@dbem/transport';
import type { Pool } from 'pg';

const FIND = `
  SELECT noted.version::text, coalesce(noted.deleted, false) AS deleted,
    floor(extract(epoch FROM noted.changed_at) * 1000)::float8 AS changed_at_ms,
    ARRAY(
      SELECT version::text FROM db_event.outbox WHERE (entity_type, entity_id) = ($1, $2) ORDER BY outbox.version
    ) AS unpublished
  FROM (SELECT) AS always
  LEFT JOIN db_event.entity_version noted ON (noted.entity_type, noted.entity_id) = ($1, $2)`;

/** The state of an entity here, at its publisher. */
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
