import type { Queryable, Version } from '@dbem/db-event';
import { checkpoint, expectCommitted, sendTogether } from '@dbem/platform';
import type { Client } from 'pg';
import type { Change } from './change';
import { ChangePublisher, type PublishedChange, rollBack } from './change-publisher.port';
import { type Note, noteOfOutbox, takeNote } from './postgres/note-changes';
import { notePublished } from './published-changes';

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
   * In one round trip where the connection pipelines (`new Pool({ pipeline: true })`): a transaction then costs a writer no more round
   * trips than without the changes. What can be wrong with a change is found before anything is sent; if the database
   * refuses it, the commit behind it is a rollback.
   */
  override async publishAndCommit<Entity>(
    client: Client,
    changes: readonly Change<Entity>[],
  ): Promise<readonly PublishedChange[]> {
    if (!client.pipeline || changes.length === 0) return super.publishAndCommit(client, changes);
    let note: Note;
    try {
      note = noteOfOutbox(changes);
    } catch (error) {
      await rollBack(client);
      throw error;
    }
    const sent = sendTogether(client, () => [takeNote(client, note), client.query('COMMIT')] as const);
    const [versions, commit] = await Promise.allSettled(sent);
    if (versions.status === 'rejected') throw versions.reason;
    if (commit.status === 'rejected') throw commit.reason;
    expectCommitted(commit.value);
    return this.published(changes, versions.value);
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
