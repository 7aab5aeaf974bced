import type { EntityVersion, Queryable } from '@dbem/db-event';
import type { Change } from './change';

/** A change with its place in the order of the entity's changes. */
export type PublishedChange = EntityVersion;

/**
 * Publishes changes as part of the caller's own transaction.
 *
 * Call it **after** writing the entities' rows, inside the same transaction: the version is drawn while the rows' locks
 * are held, which is what makes versions of one entity grow. If the transaction rolls back, so must the change.
 */
export abstract class ChangePublisher {
  /**
   * Publishes changes of different entities, in the order given.
   *
   * @throws DbEventError ENTITY_INVALID; what else may go wrong is the adapter's. Whatever it throws, roll back.
   */
  abstract publishAll<Entity>(
    transaction: Queryable,
    changes: readonly Change<Entity>[],
  ): Promise<readonly PublishedChange[]>;

  /** Publishes one change; see `publishAll`. */
  async publish<Entity>(transaction: Queryable, change: Change<Entity>): Promise<PublishedChange> {
    const [published] = await this.publishAll(transaction, [change]);
    return published as PublishedChange;
  }
}
