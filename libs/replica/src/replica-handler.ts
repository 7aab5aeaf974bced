import type { CrudType, EntityKey, Queryable, Version } from '@dbem/db-event';
import type { EntityCodec } from '@dbem/entity-codec';

/** A change as a handler gets it: decoded, checked, and newer than all that was applied to this entity before. */
export interface ReplicaChange<Entity> extends EntityKey {
  readonly entity: Entity;
  readonly crudType: CrudType;
  /** Undefined for an old publisher's event. */
  readonly version: Version | undefined;
  /** When the publisher made the change, ms since 1970. */
  readonly changeTimeMs: number | undefined;
  /** This replica has never held the entity before, or holds its tombstone. */
  readonly isFirst: boolean;
}

/** Writes one change, or many changes of different entities, inside the applier's transaction. */
export type ApplyOne<Entity> = (change: ReplicaChange<Entity>, transaction: Queryable) => Promise<void>;
export type ApplyMany<Entity> = (changes: readonly ReplicaChange<Entity>[], transaction: Queryable) => Promise<void>;

/** What a service does with one entity type of one publisher. Built from a class by the decorators of this library. */
export interface ReplicaHandler<Entity = unknown> {
  readonly publisher: string;
  readonly codec: EntityCodec<Entity>;
  readonly upsert: ApplyMany<Entity>;
  readonly remove: ApplyMany<Entity>;
}
