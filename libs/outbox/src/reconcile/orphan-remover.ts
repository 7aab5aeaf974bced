import { encodeEvent } from '@dbem/entity-codec';
import { inOwnTransaction } from '@dbem/postgres';
import { entityOutOf } from '@dbem/reconcile';
import { type ElementContent, type Orphan, publishAllEvents, type SendResult } from '@dbem/transport';
import type { PoolClient } from 'pg';
import { advancePast } from './advance-past';
import type { ReadSenderOptions } from './read-sender';
import type { AnyReconcileSource } from './reconcile-source';

interface DeletedOrphan {
  readonly entity_id: string;
  readonly version: string;
  readonly deleted_ms: string;
}

const LOCK_TIMEOUT_MS = 8_000;

/**
 * Deletes orphans: entities that a replica has and the source does not have.
 *
 * Checks whether the source has an entity while its key in `entity_version` is locked. An open transaction that has
 * published the entity has locked that key, so this waits for it: if it commits, the entity exists and is not deleted;
 * if it rolls back, the replica's row is an orphan. A transaction that publishes later waits for this one and gets the
 * greater version. After a crash between tombstone and DELETE event, the next run finds the orphan again.
 */
export class OrphanRemover {
  constructor(
    private readonly source: AnyReconcileSource,
    private readonly options: ReadSenderOptions,
  ) {}

  /** @throws the database's error (55P03: an open transaction has locked an entity for too long), or the broker's. */
  async deleteOrphans(recipient: string, fields: readonly string[], orphans: readonly Orphan[]): Promise<SendResult> {
    // Committed before the DELETEs are sent: a version that a rollback undoes must not be sent.
    const deleted = await inOwnTransaction(this.options.pool, (client) => this.writeTombstones(client, orphans));
    const valuesOf = new Map(orphans.map(({ entityId, values }) => [entityId, values]));
    const deletes = deleted.map((orphan) =>
      this.deleteOf(recipient, orphan, entityOutOf(fields, valuesOf.get(orphan.entity_id) ?? [])),
    );
    await publishAllEvents(this.options.broker, deletes);
    return { rows: deleted.length, bytes: deletes.reduce((total, { body }) => total + body.length, 0) };
  }

  private async writeTombstones(client: PoolClient, orphans: readonly Orphan[]): Promise<DeletedOrphan[]> {
    const { entityType } = this.source.codec;
    const entityIds = orphans.map(({ entityId }) => entityId);
    await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await advancePast(
      client,
      orphans.map(({ version }) => version),
    );
    // Locks the keys without changing existing rows. The next statement takes its snapshot after that.
    await client.query(
      `INSERT INTO db_event.entity_version AS present (entity_type, entity_id, version, deleted)
       SELECT $1::text, entity_id, nextval('db_event.version'), true FROM unnest($2::text[]) AS orphan (entity_id) ORDER BY entity_id
       ON CONFLICT (entity_type, entity_id) DO UPDATE SET version = present.version`,
      [entityType, entityIds],
    );
    const { rows } = await client.query<DeletedOrphan>(
      `UPDATE db_event.entity_version AS present
       SET version = nextval('db_event.version'), deleted = true, changed_at = clock_timestamp()
       WHERE entity_type = $1 AND entity_id = ANY($2::text[])
         AND NOT EXISTS (SELECT FROM (${this.source.rows}) AS source WHERE source.entity_id = present.entity_id)
       RETURNING entity_id, version, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS deleted_ms`,
      [entityType, entityIds],
    );
    return rows;
  }

  private deleteOf(recipient: string, orphan: DeletedOrphan, known: Record<string, unknown>): ElementContent {
    const { service: publisher } = this.options;
    const { codec, orphanOf } = this.source;
    const version = BigInt(orphan.version);
    const eventId = `${publisher}:${version}`;
    const body = encodeEvent({
      publisher,
      entityType: codec.entityType,
      crudType: 'DELETE',
      entity: codec.encode(orphanOf(orphan.entity_id, known)),
      eventId,
      entityId: orphan.entity_id,
      version,
      changeTimeMs: Number(orphan.deleted_ms),
      recipient,
    });
    return { messageId: eventId, body };
  }
}
