import type { EntityCodec } from '@dbem/entity-codec';

/** A change that a service makes to an entity that it owns. */
export interface Change<Entity> {
  readonly codec: EntityCodec<Entity>;
  readonly crudType: 'CREATE' | 'UPDATE' | 'DELETE';
  /** The whole entity after the change; before it, for a DELETE. */
  readonly entity: Entity;
}

export function created<Entity>(codec: EntityCodec<Entity>, entity: Entity): Change<Entity> {
  return { codec, crudType: 'CREATE', entity };
}

export function updated<Entity>(codec: EntityCodec<Entity>, entity: Entity): Change<Entity> {
  return { codec, crudType: 'UPDATE', entity };
}

/** @param entity as it was last. */
export function deleted<Entity>(codec: EntityCodec<Entity>, entity: Entity): Change<Entity> {
  return { codec, crudType: 'DELETE', entity };
}
