import type { EntityKey } from '@dbem/db-event';
import type { ReplicaVersion } from '@dbem/transport';
import type { Pool } from 'pg';

const FIND = `
  SELECT wanted.place, deferred.version::text, deferred.deleted, extract(epoch FROM deferred.arrived_at)::float8 * 1000 AS arrived_at_ms
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (publisher, entity_type, entity_id, place)
  JOIN db_event.replica_version deferred USING (publisher, entity_type, entity_id)`;

/** For each entity what the replica holds of it, in the same order; null for one that it never had. */
export async function heldVersions(pool: Pool, entities: readonly EntityKey[]): Promise<(ReplicaVersion | null)[]> {
  const { rows } = await pool.query<FoundRow>(FIND, [
    entities.map(({ publisher }) => publisher),
    entities.map(({ entityType }) => entityType),
    entities.map(({ entityId }) => entityId),
  ]);
  const deferred = new Map(rows.map((row) => [Number(row.place), row]));
  return entities.map((_entity, index) => {
    const row = deferred.get(index + 1);
    return row === undefined ? null : { version: row.version, deleted: row.deleted, arrivedAtMs: row.arrived_at_ms };
  });
}

interface FoundRow {
  place: string;
  version: string;
  deleted: boolean;
  arrived_at_ms: number | null;
}
