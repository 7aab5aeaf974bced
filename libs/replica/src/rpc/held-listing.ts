import { DbEventError } from '@dbem/db-event';
import { attemptsOf } from '@dbem/transport';
import type { Pool } from 'pg';

/** A held event; as JSON, for the event manager. */
export interface HeldListing {
  readonly publisher: string;
  readonly entityType: string;
  readonly entityId: string;
  /** A decimal number. */
  readonly version: string;
  /** One of the changes that are missing; `version`: at least this one, null: any. */
  readonly waitsFor: {
    readonly publisher: string;
    readonly entityType: string;
    readonly entityId: string;
    readonly version: string | null;
  };
  /** ms since 1970. */
  readonly heldSinceMs: number;
  /** How often it had failed before it was held. */
  readonly attempts: number;
}

export interface HeldPage {
  /** How many are held in all. */
  readonly total: number;
  /** Those that have waited longest. */
  readonly items: readonly HeldListing[];
}

export const HELD_COLUMNS = `
  publisher, entity_type, entity_id, version::text, awaited_publisher, awaited_type, awaited_id, awaited_version::text, headers,
  floor(extract(epoch FROM held_since) * 1000)::float8 AS held_since_ms`;

export interface ListedRow {
  publisher: string;
  entity_type: string;
  entity_id: string;
  version: string;
  awaited_publisher: string;
  awaited_type: string;
  awaited_id: string;
  awaited_version: string | null;
  headers: Record<string, unknown>;
  held_since_ms: number;
}

const MAX_ITEMS = 500;

/** Answers `replica.held`. @throws DbEventError MESSAGE_MALFORMED if the params are not `{ limit }`, from 1 to 500. */
export async function heldEvents(pool: Pool, params: unknown): Promise<HeldPage> {
  const limit = (params as { limit?: unknown } | null)?.limit;
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > MAX_ITEMS) {
    throw new DbEventError('MESSAGE_MALFORMED', `Give a limit from 1 to ${MAX_ITEMS}`);
  }
  const [counted, listed] = await Promise.all([
    pool.query<{ total: number }>('SELECT count(*)::int AS total FROM db_event.held_event'),
    pool.query<ListedRow>(`SELECT ${HELD_COLUMNS} FROM db_event.held_event ORDER BY held_since LIMIT $1`, [limit]),
  ]);
  return { total: counted.rows[0]?.total ?? 0, items: listed.rows.map(listingOf) };
}

export function listingOf(row: ListedRow): HeldListing {
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
    heldSinceMs: row.held_since_ms,
    attempts: attemptsOf(row),
  };
}
