import type { Dependency, EntityKey, EntityType, Version } from '@dbem/db-event';
import type { Delivery } from '@dbem/transport';

/** An event that waits in the replica's database for a change that it depends on. One per entity: the newest. */
export interface DeferredEvent {
  readonly change: EntityKey & { readonly version: Version };
  /** One of the missing changes. */
  readonly waitsFor: Dependency;
  readonly deferredSince: Date;
  /** As it was received. */
  readonly delivery: Delivery;
}

export interface DeferredEventRow {
  publisher: string;
  entity_type: EntityType;
  entity_id: string;
  version: string;
  awaited_publisher: string;
  awaited_type: EntityType;
  awaited_id: string;
  awaited_version: string | null;
  deferred_since: Date;
  message_id: string | null;
  content_type: string | null;
  headers: Record<string, unknown>;
  body: Buffer;
}

export function deferredEventOf(row: DeferredEventRow): DeferredEvent {
  return {
    change: {
      publisher: row.publisher,
      entityType: row.entity_type,
      entityId: row.entity_id,
      version: BigInt(row.version),
    },
    waitsFor: {
      publisher: row.awaited_publisher,
      entityType: row.awaited_type,
      entityId: row.awaited_id,
      minimumVersion: row.awaited_version === null ? undefined : BigInt(row.awaited_version),
    },
    deferredSince: row.deferred_since,
    delivery: {
      body: row.body,
      headers: row.headers,
      exchange: '',
      routingKey: '',
      redelivered: true,
      ...(row.message_id !== null && { messageId: row.message_id }),
      ...(row.content_type !== null && { contentType: row.content_type }),
    },
  };
}
