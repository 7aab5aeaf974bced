import type { EntityKey, Queryable, Version } from '@dbem/db-event';
import type { EntityCodec } from '@dbem/entity-codec';

/** A change that a service makes to an entity that it owns. */
export interface Change<Entity> {
  readonly codec: EntityCodec<Entity>;
  readonly crudType: 'CREATE' | 'UPDATE' | 'DELETE';
  /** The whole entity after the change; before it, for a DELETE. */
  readonly entity: Entity;
}

/** A change with its place in the order of the entity's changes. */
export interface PublishedChange extends EntityKey {
  readonly version: Version;
}

/**
 * Publishes changes as part of the caller's own transaction.
 *
 * Call it **after** writing the entity's row, inside the same transaction: the version is drawn while that row's lock is
 * held, which is what makes versions of one entity grow. If the transaction rolls back, so must the change.
 */
export abstract class ChangePublisher {
  abstract publish<Entity>(transaction: Queryable, change: Change<Entity>): Promise<PublishedChange>;
}
