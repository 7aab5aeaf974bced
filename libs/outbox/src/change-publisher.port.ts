import type { EntityVersion, Queryable } from '@dbem/db-event';
import type { Change } from './change';

/** A published change with its version, by which the changes of an entity are ordered. */
export type PublishedChange = EntityVersion;

/**
 * Publishes changes as part of the caller's own transaction.
 *
 * Call it **after** writing the entities' rows, inside the same transaction: the version is generated while those rows
 * are locked, so the versions of one entity increase in commit order. If the transaction rolls back, so must the
 * change.
 */
export abstract class ChangePublisher {
  /**
   * Publishes changes of different entities, in the given order.
   *
   * @throws DbEventError ENTITY_INVALID, or an error of the adapter. Roll back on every error.
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
