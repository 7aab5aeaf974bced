import type { Dependency } from '@dbem/db-event';
import type { EntityCodec } from '@dbem/entity-codec';

/** A change that a service makes to an entity that it owns. */
export interface Change<Entity> {
  readonly codec: EntityCodec<Entity>;
  readonly crudType: 'CREATE' | 'UPDATE' | 'DELETE';
  /** The whole entity after the change; before it, for a DELETE. */
  readonly entity: Entity;
  readonly dependsOn?: readonly Dependency[];
}

export interface ChangeOptions {
  /**
   * What a subscriber must have applied before this change, if it hears those entities at all: what was there when the change
   * was made, and without which it makes no sense. A later change of the same entity must name it as well. Default: nothing.
   */
  readonly dependsOn?: readonly Dependency[];
}

export function created<Entity>(
  codec: EntityCodec<Entity>,
  entity: Entity,
  options: ChangeOptions = {},
): Change<Entity> {
  return { codec, crudType: 'CREATE', entity, ...options };
}

export function updated<Entity>(
  codec: EntityCodec<Entity>,
  entity: Entity,
  options: ChangeOptions = {},
): Change<Entity> {
  return { codec, crudType: 'UPDATE', entity, ...options };
}

/** The wire has no empty list of dependencies. */
export function someOrNone(dependsOn: readonly Dependency[] | undefined): readonly Dependency[] | undefined {
  return dependsOn === undefined || dependsOn.length === 0 ? undefined : dependsOn;
}

/** A delete depends on nothing. @param entity as it was last. */
export function deleted<Entity>(codec: EntityCodec<Entity>, entity: Entity): Change<Entity> {
  return { codec, crudType: 'DELETE', entity };
}
