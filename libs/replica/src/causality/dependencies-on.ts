import { type Dependency, type EntityType, type Queryable, rowsOf, type Version } from '@dbem/db-event';
import type { ReplicaChange } from '../handlers/replica-handler';

/** The dependency on a change that a handler received, for a change that the service makes in response. */
export function dependencyOn({ publisher, entityType, entityId, version }: ReplicaChange<unknown>): Dependency {
  return { publisher, entityType, entityId, minimumVersion: version };
}

/**
 * The dependencies of a change that refers to another service's entities, at the versions that this replica has. To be
 * called in the transaction of the change. Entities that this replica does not have are left out: other replicas can't
 * be required to have them.
 */
export async function dependenciesOn(
  transaction: Queryable,
  { publisher, entityType, entityIds }: { publisher: string; entityType: EntityType; entityIds: readonly string[] },
): Promise<Dependency[]> {
  if (entityIds.length === 0) return [];
  const result = await transaction.query(
    `SELECT entity_id, version FROM db_event.replica_version
     WHERE publisher = $1 AND entity_type = $2 AND entity_id = ANY($3::text[]) AND NOT deleted ORDER BY entity_id`,
    [publisher, entityType, [...new Set(entityIds)]],
  );
  return rowsOf<{ entity_id: string; version: string }>(result).map(({ entity_id, version }) => ({
    publisher,
    entityType,
    entityId: entity_id,
    minimumVersion: knownVersion(BigInt(version)),
  }));
}

/** An entity of a legacy publisher has version 0. */
function knownVersion(version: Version): Version | undefined {
  return version > 0n ? version : undefined;
}
