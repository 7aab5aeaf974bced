import { DbEventError } from '@dbem/db-event';
import type { Pool } from 'pg';

/** Where an entity stands at its publisher; as JSON, for the event manager. */
export interface SourceEntity {
  /** Of its last change, a decimal number; null: it has not been published. */
  readonly version: string | null;
  readonly deleted: boolean;
  /** ms since 1970. */
  readonly changedAtMs: number | null;
  /** The versions that wait in the outbox. */
  readonly unpublished: readonly string[];
}

const FIND = `
  SELECT noted.version::text, coalesce(noted.deleted, false) AS deleted,
    floor(extract(epoch FROM noted.changed_at) * 1000)::float8 AS changed_at_ms,
    ARRAY(
      SELECT version::text FROM db_event.outbox WHERE (entity_type, entity_id) = ($1, $2) ORDER BY outbox.version
    ) AS unpublished
  FROM (SELECT) AS always
  LEFT JOIN db_event.entity_version noted ON (noted.entity_type, noted.entity_id) = ($1, $2)`;

/**
 * Answers `publisher.entity`.
 *
 * @throws DbEventError MESSAGE_MALFORMED if the params are not `{ entityType, entityId }`.
 */
export async function sourceEntity(pool: Pool, params: unknown): Promise<SourceEntity> {
  const { entityType, entityId } = (params ?? {}) as Record<string, unknown>;
  if (typeof entityType !== 'string' || typeof entityId !== 'string') {
    throw new DbEventError('MESSAGE_MALFORMED', 'Give the entity’s type and id');
  }
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
