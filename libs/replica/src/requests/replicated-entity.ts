import type { EntityKey } from '@dbem/db-event';
import type { ReplicatedEntity } from '@dbem/transport';
import type { Pool } from 'pg';
import type { HandlerTable } from '../handlers/handler-table';
import { PostgresReplica } from '../reconcile/postgres-replica';
import { DEFERRED_COLUMNS, type ListedRow, listingOf } from './deferred-event-summary';

const APPLIED = `
  SELECT version::text, deleted, floor(extract(epoch FROM applied_at) * 1000)::float8 AS applied_at_ms
  FROM db_event.replica_version WHERE (publisher, entity_type, entity_id) = ($1, $2, $3)`;

const DEFERRED = `
  SELECT ${DEFERRED_COLUMNS} FROM db_event.deferred_event WHERE (publisher, entity_type, entity_id) = ($1, $2, $3)`;

/** The state of an entity in this replica. */
export async function replicatedEntity(
  pool: Pool,
  handlers: HandlerTable,
  { publisher, entityType, entityId }: EntityKey,
): Promise<ReplicatedEntity> {
  const key = [publisher, entityType, entityId];
  const handler = handlers.find(publisher, entityType);
  const replica = handler && new PostgresReplica(pool, publisher, handler.codec.entityType, handler.projection);
  const fields = replica?.fields ?? [];
  const [applied, deferred, states] = await Promise.all([
    pool.query<AppliedRow>(APPLIED, key),
    pool.query<ListedRow>(DEFERRED, key),
    replica?.readStates(fields, [entityId]),
  ]);
  const [row] = applied.rows;
  const [deferredRow] = deferred.rows;
  return {
    isHandled: handler !== undefined,
    version: row?.version ?? null,
    deleted: row?.deleted ?? false,
    appliedAtMs: row?.applied_at_ms ?? null,
    deferred: deferredRow === undefined ? null : listingOf(deferredRow),
    fields,
    state: states?.[0] ?? null,
  };
}

interface AppliedRow {
  version: string;
  deleted: boolean;
  applied_at_ms: number;
}
