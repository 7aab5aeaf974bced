import type { EntityKey } from './entity-key';
import type { Version } from './version';

/** A change of another entity, of the same or another publisher, that must be applied before this change. */
export interface Dependency extends EntityKey {
  /** Undefined: any version. */
  readonly minimumVersion?: Version | undefined;
}

/**
 * Whether an entity's version satisfies a dependency. The version of a deleted entity counts like any other: the delete
 * came later.
 *
 * @param version undefined: the entity is of a legacy publisher, which does not send versions.
 */
export function meetsDependency(version: Version | undefined, { minimumVersion }: Dependency): boolean {
  return minimumVersion === undefined || (version !== undefined && version >= minimumVersion);
}
