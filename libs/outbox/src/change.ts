import type { Dependency } from '@dbem/db-event';
import type { EntityCodec } from '@dbem/entity-codec';

/** A change that a service makes to an entity that it owns. */
export interface Change<Entity> {
  readonly codec: EntityCodec<Entity>;
  readonly crudType: 'CREATE' | 'UPDATE' | 'DELETE';
  /** The whole entity after the change; for a DELETE, before it. */
  readonly entity: Entity;
  readonly dependsOn?: readonly Dependency[];
}

export interface ChangeOptions {
  /**
   * What a subscriber must have applied before this change, if it subscribes to those entities: entities that existed
   * when the change was made and without which it makes no sense. Later changes of the entity must list them, too.
   * Default: none.
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

/** The wire format has no empty list of dependencies. */
export function someOrNone(dependsOn: readonly Dependency[] | undefined): readonly Dependency[] | undefined {
  return dependsOn === undefined || dependsOn.length === 0 ? undefined : dependsOn;
}

/** A delete has no dependencies. @param entity its last state. */
export function deleted<Entity>(codec: EntityCodec<Entity>, entity: Entity): Change<Entity> {
  return { codec, crudType: 'DELETE', entity };
}
