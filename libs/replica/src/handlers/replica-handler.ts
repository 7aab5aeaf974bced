import type { CrudType, EntityKey, Queryable, Version } from '@dbem/db-event';
import type { EntityCodec } from '@dbem/entity-codec';
import type { ReplicaProjection } from './replica-projection';

/** A change as a handler receives it: decoded, checked, and newer than all changes applied to this entity before. */
export interface ReplicaChange<Entity> extends EntityKey {
  readonly entity: Entity;
  readonly crudType: CrudType;
  /** Undefined for an event of a legacy publisher. */
  readonly version: Version | undefined;
  /** When the publisher made the change, ms since 1970. Undefined for an event of a legacy publisher. */
  readonly changeTimeMs: number | undefined;
  /** This replica has never had the entity, or it was deleted since. */
  readonly isFirst: boolean;
}

/** Writes one change inside the applier's transaction. */
export type ApplyOne<Entity> = (change: ReplicaChange<Entity>, transaction: Queryable) => Promise<void>;

/** Writes changes of different entities, sorted by entity id, inside the applier's transaction. */
export type ApplyMany<Entity> = (changes: readonly ReplicaChange<Entity>[], transaction: Queryable) => Promise<void>;

/**
 * Applies the changes of one entity type of one publisher to the service's replica.
 *
 * If a method rejects, the transaction is rolled back, and the change is retried alone after growing delays and finally
 * parked. So side effects outside the transaction may happen more than once.
 */
export interface ReplicaHandler<Entity = unknown> {
  readonly publisher: string;
  readonly codec: EntityCodec<Entity>;
  /**
   * For CREATE, UPDATE and READ. A method, not a property, so that handlers of different entity types fit in one array.
   */
  upsert(changes: readonly ReplicaChange<Entity>[], transaction: Queryable): Promise<void>;
  remove(changes: readonly ReplicaChange<Entity>[], transaction: Queryable): Promise<void>;
  /** How the replica's rows are read for a comparison. Undefined: only versions are compared. */
  readonly projection?: ReplicaProjection | undefined;
  /** Request a backfill of the publisher's existing entities once, with the first subscription. */
  readonly backfill?: boolean | undefined;
}

/** Adapts a function for one change to many changes. */
export function eachOneByOne<Entity>(applyOne: ApplyOne<Entity>): ApplyMany<Entity> {
  return async (changes, transaction) => {
    for (const change of changes) await applyOne(change, transaction);
  };
}
