import type { Queryable, Version } from '@dbem/db-event';
import { checkpoint, expectCommitted, queryTogether } from '@dbem/platform';
import type { Client } from 'pg';
import type { Change } from './change';
import { ChangePublisher, type PublishedChange, rollBack } from './change-publisher.port';
import { noteOfOutbox, takeNote, versionsIn } from './postgres/note-changes';
import { notePublished } from './published-changes';

/** Prepared, for it is sent with another that is. */
const COMMIT = { name: 'db_event.commit', text: 'COMMIT' };

/**
 * Publishes through the outbox: the changes commit with the transaction, or not at all, and a relay sends them on. Needs
 * neither broker nor event manager to be up. Rejects with the database's error.
 */
export class OutboxChangePublisher extends ChangePublisher {
  /** @param service the publisher's name on the wire. */
  constructor(private readonly service: string) {
    super();
  }

  async publishAll<Entity>(
    transaction: Queryable,
    changes: readonly Change<Entity>[],
  ): Promise<readonly PublishedChange[]> {
    if (changes.length === 0) return [];
    const versions = await takeNote(transaction, noteOfOutbox(changes));
    checkpoint('publisher.published');
    return this.published(changes, versions);
  }

  /**
   * In one round trip: a transaction then costs a writer no more of them than without the changes. What can be wrong with a
   * change is found before anything is sent; if the database refuses it, it does not commit.
   */
  override async publishAndCommit<Entity>(
    client: Client,
    changes: readonly Change<Entity>[],
  ): Promise<readonly PublishedChange[]> {
    if (changes.length === 0) return super.publishAndCommit(client, changes);
    try {
      const { statement, values } = noteOfOutbox(changes);
      const [note, commit] = await queryTogether(client, [{ ...statement, values: [...values] }, COMMIT]);
      expectCommitted(commit);
      return this.published(changes, versionsIn(note));
    } catch (error) {
      await rollBack(client);
      throw error;
    }
  }

  private published<Entity>(changes: readonly Change<Entity>[], versions: readonly Version[]): PublishedChange[] {
    const published = changes.map(({ codec, entity }, index) => ({
      publisher: this.service,
      entityType: codec.entityType,
      entityId: codec.idOf(entity),
      version: versions[index] as Version,
    }));
    notePublished(published);
    return published;
  }
}
