import { DbEventError, type EntityType } from '@dbem/db-event';
import type { LookedAt } from '@dbem/reconcile';
import type { Pool } from 'pg';
import type { HandlerTable } from '../handlers/handler-table';
import { PostgresReplica } from '../reconcile/postgres-replica';
import { HELD_COLUMNS, type HeldListing, type ListedRow, listingOf } from './held-listing';

/** Where an entity stands in a replica; as JSON, for the event manager. */
export interface ReplicatedEntity {
  /** The service handles such entities. */
  readonly isHandled: boolean;
  /** A decimal number, 0 if only events of an old publisher were applied; null: the replica never had it. */
  readonly version: string | null;
  readonly deleted: boolean;
  /** ms since 1970. */
  readonly appliedAtMs: number | null;
  /** An event of it that waits for what it depends on. */
  readonly held: HeldListing | null;
  /** What of such entities the replica can show: see `ReplicaProjection`. */
  readonly fields: readonly string[];
  /** Null: the service handles no such entities. */
  readonly look: LookedAt | null;
}

const APPLIED = `
  SELECT version::text, deleted, floor(extract(epoch FROM applied_at) * 1000)::float8 AS applied_at_ms
  FROM db_event.replica_version WHERE (publisher, entity_type, entity_id) = ($1, $2, $3)`;

const HELD = `
  SELECT ${HELD_COLUMNS} FROM db_event.held_event WHERE (publisher, entity_type, entity_id) = ($1, $2, $3)`;

/**
 * Answers `replica.entity`.
 *
 * @throws DbEventError MESSAGE_MALFORMED if the params are not `{ publisher, entityType, entityId }`.
 */
export async function replicatedEntity(pool: Pool, handlers: HandlerTable, params: unknown): Promise<ReplicatedEntity> {
  const { publisher, entityType, entityId } = (params ?? {}) as Record<string, unknown>;
  if (typeof publisher !== 'string' || typeof entityType !== 'string' || typeof entityId !== 'string') {
    throw new DbEventError('MESSAGE_MALFORMED', 'Give the entity’s publisher, type and id');
  }
  const key = [publisher, entityType, entityId];
  const handler = handlers.find(publisher, entityType as EntityType);
  const replica = handler && new PostgresReplica(pool, publisher, handler.codec.entityType, handler.projection);
  const fields = replica?.fields ?? [];
  const [applied, held, looks] = await Promise.all([
    pool.query<AppliedRow>(APPLIED, key),
    pool.query<ListedRow>(HELD, key),
    replica?.look(fields, [entityId]),
  ]);
  const [row] = applied.rows;
  const [heldRow] = held.rows;
  return {
    isHandled: handler !== undefined,
    version: row?.version ?? null,
    deleted: row?.deleted ?? false,
    appliedAtMs: row?.applied_at_ms ?? null,
    held: heldRow === undefined ? null : listingOf(heldRow),
    fields,
    look: looks?.[0] ?? null,
  };
}

interface AppliedRow {
  version: string;
  deleted: boolean;
  applied_at_ms: number;
}
