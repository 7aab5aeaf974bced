import type { EntityVersion, Queryable } from '@dbem/db-event';
import { expectCommitted } from '@dbem/platform';
import type { Client } from 'pg';
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

  /**
   * Publishes changes as the last thing of a transaction that `client` began with BEGIN, and commits it.
   *
   * The transaction is over when this settles, committed or rolled back; if the connection broke, nobody knows which.
   *
   * @throws as `publishAll`; the database's error, if it would not commit; DbEventError TRANSACTION_ABORTED, if a statement before had
   *   failed and that was not passed on.
   */
  async publishAndCommit<Entity>(
    client: Client,
    changes: readonly Change<Entity>[],
  ): Promise<readonly PublishedChange[]> {
    let published: readonly PublishedChange[];
    try {
      published = await this.publishAll(client, changes);
    } catch (error) {
      await rollBack(client);
      throw error;
    }
    expectCommitted(await client.query('COMMIT'));
    return published;
  }
}

/** Where the connection is gone, so is the transaction. */
export async function rollBack(client: Client): Promise<void> {
  await client.query('ROLLBACK').catch(() => {});
}
