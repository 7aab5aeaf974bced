import type { EntityKey } from './entity-key';
import type { Version } from './version';

/** What a change depends on: a change of another entity, of the same publisher or of another. */
export interface Dependency extends EntityKey {
  /** At least this version of it. Undefined: any. */
  readonly minimumVersion?: Version | undefined;
}

/**
 * Whether a state of an entity is what a dependency asks for. A deleted entity's version counts like any other: the delete
 * came later.
 *
 * @param version undefined: of an old publisher, which numbers nothing.
 */
export function meetsDependency(version: Version | undefined, { minimumVersion }: Dependency): boolean {
  return minimumVersion === undefined || (version !== undefined && version >= minimumVersion);
}
