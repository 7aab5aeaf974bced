import { type Dependency, type EntityType, type Queryable, rowsOf, type Version } from '@dbem/db-event';
import type { ReplicaChange } from '../handlers/replica-handler';

/** The dependency on a change that this service has been given: for a change that it makes in answer. */
export function dependencyOn({ publisher, entityType, entityId, version }: ReplicaChange<unknown>): Dependency {
  return { publisher, entityType, entityId, minimumVersion: version };
}

/**
 * The dependencies on another service's entities as this replica holds them, for a change that names them: in its
 * transaction. What this replica does not hold is left out: nobody else can be asked to have it.
 */
export async function dependenciesOn(
  transaction: Queryable,
  { publisher, entityType, entityIds }: { publisher: string; entityType: EntityType; entityIds: readonly string[] },
): Promise<Dependency[]> {
  if (entityIds.length === 0) return [];
  const answer = await transaction.query(
    `SELECT entity_id, version FROM db_event.replica_version
     WHERE publisher = $1 AND entity_type = $2 AND entity_id = ANY($3::text[]) AND NOT deleted ORDER BY entity_id`,
    [publisher, entityType, [...new Set(entityIds)]],
  );
  return rowsOf<{ entity_id: string; version: string }>(answer).map(({ entity_id, version }) => ({
    publisher,
    entityType,
    entityId: entity_id,
    minimumVersion: knownVersion(BigInt(version)),
  }));
}

/** An old publisher's entity has version 0. */
function knownVersion(version: Version): Version | undefined {
  return version > 0n ? version : undefined;
}
