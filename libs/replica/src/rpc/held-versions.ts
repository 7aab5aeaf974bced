import { DbEventError, type EntityKey } from '@dbem/db-event';
import type { Pool } from 'pg';

/** What the replica holds of an entity; as JSON, for the event manager. */
export interface HeldVersion {
  /** A decimal number; 0 if only events of an old publisher were applied. */
  readonly version: string;
  readonly deleted: boolean;
  /** When an old publisher's last event came that was applied, ms since 1970; null: none was. */
  readonly arrivedAtMs: number | null;
}

const MAX_ENTITIES = 1_000;

const FIND = `
  SELECT wanted.place, held.version::text, held.deleted, extract(epoch FROM held.arrived_at)::float8 * 1000 AS arrived_at_ms
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (publisher, entity_type, entity_id, place)
  JOIN db_event.replica_version held USING (publisher, entity_type, entity_id)`;

/**
 * Answers `replica.versions`: for each entity what the replica holds of it, in the same order; null for one that it never had.
 *
 * @throws DbEventError MESSAGE_MALFORMED if the params are not `{ entities: EntityKey[] }`, 1,000 at most.
 */
export async function heldVersions(pool: Pool, params: unknown): Promise<(HeldVersion | null)[]> {
  const entities = entitiesOf(params);
  const { rows } = await pool.query<FoundRow>(FIND, [
    entities.map(({ publisher }) => publisher),
    entities.map(({ entityType }) => entityType),
    entities.map(({ entityId }) => entityId),
  ]);
  const held = new Map(rows.map((row) => [Number(row.place), row]));
  return entities.map((_entity, index) => {
    const row = held.get(index + 1);
    return row === undefined ? null : { version: row.version, deleted: row.deleted, arrivedAtMs: row.arrived_at_ms };
  });
}

interface FoundRow {
  place: string;
  version: string;
  deleted: boolean;
  arrived_at_ms: number | null;
}

function entitiesOf(params: unknown): readonly EntityKey[] {
  const entities = (params as { entities?: unknown } | null)?.entities;
  const isKey = (key: unknown) =>
    ['publisher', 'entityType', 'entityId'].every(
      (field) => typeof (key as Record<string, unknown> | null)?.[field] === 'string',
    );
  if (!Array.isArray(entities) || entities.length > MAX_ENTITIES || !entities.every(isKey)) {
    throw new DbEventError('MESSAGE_MALFORMED', `Give entities: at most ${MAX_ENTITIES}, with publisher, type and id`);
  }
  return entities;
}
