import type { Queryable, Version } from '@dbem/db-event';
import { checkpoint } from '@dbem/runtime';
import type { Change } from './change';
import { ChangePublisher, type PublishedChange } from './change-publisher.port';
import { outboxStatement, recordChanges } from './postgres/record-changes';
import { notePublished } from './published-changes';

/**
 * Publishes through the outbox: the changes commit with the transaction or not at all, and a relay sends them. Works
 * while the broker or the event manager is down. Rejects with the database's error.
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
    const versions = await recordChanges(transaction, outboxStatement(changes));
    checkpoint('publisher.published');
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
