import { encodeEvent } from '@dbem/entity-codec';
import { inOwnTransaction } from '@dbem/postgres';
import { entityOutOf } from '@dbem/reconcile';
import { EVENT_EXCHANGE, MANAGER_ROUTING_KEY, type Orphan, type Sent } from '@dbem/transport';
import type { PoolClient } from 'pg';
import { goPast } from './go-past';
import type { ReadSenderOptions } from './read-sender';
import type { AnyReconcileSource } from './reconcile-source';

interface DeletedOrphan {
  readonly entity_id: string;
  readonly version: string;
  readonly buried_ms: string;
}

const LOCK_TIMEOUT_MS = 8_000;

/**
 * Removes orphans: entities that a replica has and the source has not.
 *
 * Whether the source has an entity is asked while its key in `entity_version` is locked. A transaction that has published the
 * entity and is still open holds that key, so this waits for its end: if it commits, the entity is there and is left alone; if
 * it rolls back, what the replica holds is a phantom, and goes. One that publishes later waits for this, and its version is
 * the greater. A crash between tombstone and DELETE leaves the orphan where the next run finds it.
 */
export class OrphanRemover {
  constructor(
    private readonly source: AnyReconcileSource,
    private readonly options: ReadSenderOptions,
  ) {}

  /** @throws the database's error (55P03: an open transaction takes too long), or the broker's. */
  async bury(recipient: string, fields: readonly string[], orphans: readonly Orphan[]): Promise<Sent> {
    // Committed before the DELETEs are sent: no version goes out that a rollback would hand out again.
    const graves = await inOwnTransaction(this.options.pool, (client) => this.dig(client, orphans));
    const valuesOf = new Map(orphans.map(({ entityId, values }) => [entityId, values]));
    let bytes = 0;
    for (const grave of graves) {
      bytes += await this.sendDelete(recipient, grave, entityOutOf(fields, valuesOf.get(grave.entity_id) ?? []));
    }
    return { rows: graves.length, bytes };
  }

  private async dig(client: PoolClient, orphans: readonly Orphan[]): Promise<DeletedOrphan[]> {
    const { entityType } = this.source.codec;
    const entityIds = orphans.map(({ entityId }) => entityId);
    await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await goPast(
      client,
      orphans.map(({ version }) => version),
    );
    // Takes the keys and changes nothing that is there. The next statement's snapshot is taken after that.
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
       RETURNING entity_id, version, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS buried_ms`,
      [entityType, entityIds],
    );
    return rows;
  }

  private async sendDelete(recipient: string, grave: DeletedOrphan, known: Record<string, unknown>): Promise<number> {
    const { broker, service: publisher } = this.options;
    const { codec, orphanOf } = this.source;
    const version = BigInt(grave.version);
    const eventId = `${publisher}:${version}`;
    const body = encodeEvent({
      publisher,
      entityType: codec.entityType,
      crudType: 'DELETE',
      entity: codec.encode(orphanOf(grave.entity_id, known)),
      eventId,
      entityId: grave.entity_id,
      version,
      changeTimeMs: Number(grave.buried_ms),
      recipient,
    });
    await broker.publish({
      exchange: EVENT_EXCHANGE,
      routingKey: MANAGER_ROUTING_KEY,
      contentType: 'text/plain',
      messageId: eventId,
      body,
    });
    return body.length;
  }
}
