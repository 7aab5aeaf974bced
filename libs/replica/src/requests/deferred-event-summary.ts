import type { EntityType } from '@dbem/db-event';
import { attemptsOf, type DeferredEventPage, type DeferredEventSummary } from '@dbem/transport';
import type { Pool } from 'pg';

export const DEFERRED_COLUMNS = `
  publisher, entity_type, entity_id, version::text, awaited_publisher, awaited_type, awaited_id, awaited_version::text, headers,
  floor(extract(epoch FROM deferred_since) * 1000)::float8 AS deferred_since_ms`;

export interface ListedRow {
  publisher: string;
  entity_type: EntityType;
  entity_id: string;
  version: string;
  awaited_publisher: string;
  awaited_type: EntityType;
  awaited_id: string;
  awaited_version: string | null;
  headers: Record<string, unknown>;
  deferred_since_ms: number;
}

/** Deferred events, oldest first. */
export async function listDeferredEvents(pool: Pool, limit: number): Promise<DeferredEventPage> {
  const [counted, listed] = await Promise.all([
    pool.query<{ total: number }>('SELECT count(*)::int AS total FROM db_event.deferred_event'),
    pool.query<ListedRow>(`SELECT ${DEFERRED_COLUMNS} FROM db_event.deferred_event ORDER BY deferred_since LIMIT $1`, [
      limit,
    ]),
  ]);
  return { total: counted.rows[0]?.total ?? 0, items: listed.rows.map(listingOf) };
}

export function listingOf(row: ListedRow): DeferredEventSummary {
  return {
    publisher: row.publisher,
    entityType: row.entity_type,
    entityId: row.entity_id,
    version: row.version,
    waitsFor: {
      publisher: row.awaited_publisher,
      entityType: row.awaited_type,
      entityId: row.awaited_id,
      version: row.awaited_version,
    },
    deferredSinceMs: row.deferred_since_ms,
    attempts: attemptsOf(row),
  };
}
