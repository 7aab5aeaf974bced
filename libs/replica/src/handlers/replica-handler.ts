import type { CrudType, EntityKey, Queryable, Version } from '@dbem/db-event';
import type { EntityCodec } from '@dbem/entity-codec';
import type { ReplicaProjection } from './replica-projection';

/** A change as a handler gets it: decoded, checked, and newer than all that was applied to this entity before. */
export interface ReplicaChange<Entity> extends EntityKey {
  readonly entity: Entity;
  readonly crudType: CrudType;
  /** Undefined for an old publisher's event. */
  readonly version: Version | undefined;
  /** When the publisher made the change, ms since 1970; undefined for an old publisher's event. */
  readonly changeTimeMs: number | undefined;
  /** This replica has never deferred the entity before, or it was deleted since. */
  readonly isFirst: boolean;
}

/** Writes one change inside the applier's transaction. */
export type ApplyOne<Entity> = (change: ReplicaChange<Entity>, transaction: Queryable) => Promise<void>;

/** Writes changes of different entities inside the applier's transaction, sorted by entity id. */
export type ApplyMany<Entity> = (changes: readonly ReplicaChange<Entity>[], transaction: Queryable) => Promise<void>;

/**
 * What a service does with one entity type of one publisher.
 *
 * A rejection rolls the transaction back; the change is tried again, alone, after growing delays, and parked in the end.
 * So whatever a handler does outside the transaction it may do more than once.
 */
export interface ReplicaHandler<Entity = unknown> {
  readonly publisher: string;
  readonly codec: EntityCodec<Entity>;
  /** CREATE, UPDATE and READ alike. (Methods, so that handlers of different entities fit into one list.) */
  upsert(changes: readonly ReplicaChange<Entity>[], transaction: Queryable): Promise<void>;
  remove(changes: readonly ReplicaChange<Entity>[], transaction: Queryable): Promise<void>;
  /** How the replica's rows are read back for a comparison; undefined: only versions are compared. */
  readonly projection?: ReplicaProjection | undefined;
  /** Ask for what the publisher holds already, once, when the subscription is first made. */
  readonly backfill?: boolean | undefined;
}

/** A handler out of functions that take one change at a time. */
export function eachOneByOne<Entity>(applyOne: ApplyOne<Entity>): ApplyMany<Entity> {
  return async (changes, transaction) => {
    for (const change of changes) await applyOne(change, transaction);
  };
}
