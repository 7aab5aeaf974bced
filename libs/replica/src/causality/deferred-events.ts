import type { EntityKey, Version } from '@dbem/db-event';
import type { ClientBase, Pool } from 'pg';
import type { ReplicaChange } from '../handlers/replica-handler';
import { type PreparedStatement, queryOwnTables } from '../postgres/own-tables';
import { keyText } from '../postgres/version-gate';
import { APPLIED_CHANNEL, encodeApplied } from '../waiting/applied-notification';
import { type DeferredEvent, type DeferredEventRow, deferredEventOf } from './deferred-event';
import type { BlockedEvent } from './resolve-dependencies';

const KEY = '(deferred.publisher, deferred.entity_type, deferred.entity_id)';

/**
 * Skips an event if the replica already has its version or a newer one, or if a newer event of its entity is deferred.
 */
const DEFER = `
  INSERT INTO db_event.deferred_event AS deferred
    (publisher, entity_type, entity_id, version, awaited_publisher, awaited_type, awaited_id, awaited_version,
     deferred_since, message_id, content_type, headers, body)
  SELECT publisher, entity_type, entity_id, version, awaited_publisher, awaited_type, awaited_id, awaited_version,
    coalesce(deferred_since, clock_timestamp()), message_id, content_type, headers, body
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[],
    $9::timestamptz[], $10::text[], $11::text[], $12::jsonb[], $13::bytea[]) AS event
    (publisher, entity_type, entity_id, version, awaited_publisher, awaited_type, awaited_id, awaited_version,
     deferred_since, message_id, content_type, headers, body)
  WHERE NOT EXISTS (
    SELECT FROM db_event.replica_version present
    WHERE (present.publisher, present.entity_type, present.entity_id) = (event.publisher, event.entity_type, event.entity_id)
      AND present.version >= event.version)
  ON CONFLICT (publisher, entity_type, entity_id) DO UPDATE
  SET version = excluded.version, awaited_publisher = excluded.awaited_publisher, awaited_type = excluded.awaited_type,
    awaited_id = excluded.awaited_id, awaited_version = excluded.awaited_version, deferred_since = excluded.deferred_since,
    message_id = excluded.message_id, content_type = excluded.content_type, headers = excluded.headers, body = excluded.body
  WHERE deferred.version < excluded.version
  RETURNING deferred.publisher, deferred.entity_type, deferred.entity_id`;

/** @returns the `keyText` of each entity whose event is deferred now; the other events are stale. */
export async function deferEvents(transaction: ClientBase, blocked: readonly BlockedEvent[]): Promise<Set<string>> {
  if (blocked.length === 0) return new Set();
  const changes = blocked.map(({ event }) => event.change);
  const deliveries = blocked.map(({ event }) => event.delivery);
  const awaited = blocked.map(({ waitsFor }) => waitsFor);
  const rows = await queryOwnTables<KeyRow>(transaction, DEFER, [
    changes.map(({ publisher }) => publisher),
    changes.map(({ entityType }) => entityType),
    changes.map(({ entityId }) => entityId),
    changes.map(({ version }) => String(version)),
    awaited.map(({ publisher }) => publisher),
    awaited.map(({ entityType }) => entityType),
    awaited.map(({ entityId }) => entityId),
    awaited.map(({ minimumVersion }) => (minimumVersion === undefined ? null : String(minimumVersion))),
    blocked.map(({ event }) => event.deferredSince ?? null),
    deliveries.map(({ messageId }) => messageId ?? null),
    deliveries.map(({ contentType }) => contentType ?? null),
    deliveries.map(({ headers }) => JSON.stringify(headers)),
    deliveries.map(({ body }) => body),
  ]);
  return new Set(rows.map(keyOfRow));
}

type KeyRow = Pick<DeferredEventRow, 'publisher' | 'entity_type' | 'entity_id'>;

function keyOfRow({ publisher, entity_type, entity_id }: KeyRow): string {
  return keyText({ publisher, entityType: entity_type, entityId: entity_id });
}

/**
 * The only statement per batch while nothing is deferred, which is nearly always. The result includes the count of
 * notifications, because PostgreSQL does not execute a CTE that is not referenced.
 */
const NOTIFY: PreparedStatement = {
  name: 'db_event.notify_applied',
  text: `
    WITH notified AS MATERIALIZED (
      SELECT count(pg_notify('${APPLIED_CHANNEL}', payload)) AS notifications FROM unnest($1::text[]) AS payload
    )
    SELECT notified.notifications, EXISTS (SELECT FROM db_event.deferred_event) AS has_deferred FROM notified`,
};

const FOLLOW = `
  WITH applied AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS applied (publisher, entity_type, entity_id, version)
  ), dropped_stale AS (
    DELETE FROM db_event.deferred_event deferred USING applied
    WHERE ${KEY} = (applied.publisher, applied.entity_type, applied.entity_id)
      AND deferred.version <= coalesce(applied.version, deferred.version)
  )
  SELECT deferred.* FROM db_event.deferred_event deferred JOIN applied
    ON (deferred.awaited_publisher, deferred.awaited_type, deferred.awaited_id)
      = (applied.publisher, applied.entity_type, applied.entity_id)
  ORDER BY deferred.publisher, deferred.entity_type, deferred.entity_id
  FOR UPDATE OF deferred`;

/**
 * Notifies other instances of the applied changes, and deletes the deferred events that these changes make stale.
 *
 * @returns the deferred events that wait for one of these changes.
 */
export async function followChanges(
  transaction: ClientBase,
  applied: readonly ReplicaChange<unknown>[],
): Promise<DeferredEvent[]> {
  if (applied.length === 0) return [];
  const [row] = await queryOwnTables<{ has_deferred: boolean }>(transaction, NOTIFY, [encodeApplied(applied)]);
  if (row?.has_deferred === false) return [];
  const rows = await queryOwnTables<DeferredEventRow>(transaction, FOLLOW, [
    applied.map(({ publisher }) => publisher),
    applied.map(({ entityType }) => entityType),
    applied.map(({ entityId }) => entityId),
    applied.map(({ version }) => (version === undefined ? null : String(version))),
  ]);
  return rows.map(deferredEventOf);
}

const DROP = `
  DELETE FROM db_event.deferred_event deferred
  USING unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS taken (publisher, entity_type, entity_id, version)
  WHERE ${KEY} = (taken.publisher, taken.entity_type, taken.entity_id) AND deferred.version = taken.version`;

/** Deletes exactly these versions: a newer event that has replaced one of them stays. */
export async function dropDeferred(database: ClientBase | Pool, events: readonly VersionedEvent[]): Promise<void> {
  if (events.length === 0) return;
  const changes = events.map(({ change }) => change);
  await queryOwnTables(database, DROP, [
    changes.map(({ publisher }) => publisher),
    changes.map(({ entityType }) => entityType),
    changes.map(({ entityId }) => entityId),
    changes.map(({ version }) => String(version)),
  ]);
}

/** Common fields of `DeferredEvent` and `DecodedEvent`. */
interface VersionedEvent {
  readonly change: EntityKey & { readonly version: Version | undefined };
}
