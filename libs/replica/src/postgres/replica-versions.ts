import type { EntityKey } from '@dbem/db-event';
import type { ReplicaVersion } from '@dbem/transport';
import type { Pool } from 'pg';

const FIND = `
  SELECT wanted.place, present.version::text, present.deleted, present.arrival::text
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (publisher, entity_type, entity_id, place)
  JOIN db_event.replica_version present USING (publisher, entity_type, entity_id)`;

/** The version of each entity in the replica, in the same order; null for an entity that it never had. */
export async function replicaVersionsOf(
  pool: Pool,
  entities: readonly EntityKey[],
): Promise<(ReplicaVersion | null)[]> {
  const { rows } = await pool.query<FoundRow>(FIND, [
    entities.map(({ publisher }) => publisher),
    entities.map(({ entityType }) => entityType),
    entities.map(({ entityId }) => entityId),
  ]);
  const byPlace = new Map(rows.map((row) => [Number(row.place), row]));
  return entities.map((_entity, index) => {
    const row = byPlace.get(index + 1);
    return row === undefined ? null : { version: row.version, deleted: row.deleted, arrival: row.arrival };
  });
}

interface FoundRow {
  place: string;
  version: string;
  deleted: boolean;
  arrival: string | null;
}
