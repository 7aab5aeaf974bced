import type { CrudType, EntityType } from '@dbem/db-event';
import { inOwnTransaction, NotificationListener } from '@dbem/postgres';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import type { TraceContext } from '@dbem/telemetry';
import type { Pool, PoolClient } from 'pg';
import {
  type ClaimLimits,
  type ClaimResult,
  type DeliverRows,
  type OutboxRow,
  OutboxStore,
} from '../outbox-store.port';
import { decodeDependencies, encodeDependencies, type StoredDependencies } from './dependencies-column';
import { APPENDED_CHANNEL } from './outbox-schema';
import { WakeUpLock } from './wake-up-lock';

interface ClaimedRow {
  version: string;
  entity_type: EntityType;
  entity_id: string;
  crud_type: CrudType;
  entity: Buffer;
  changed_ms: string;
  dependencies: StoredDependencies | null;
  trace_context: TraceContext | null;
  is_heartbeat: boolean;
}

/** `octet_length` reads a large value's size from the row, not the value. */
const LOCK = `
  SELECT version, octet_length(entity) AS bytes FROM db_event.outbox ORDER BY version LIMIT $1 FOR UPDATE SKIP LOCKED`;

/**
 * Commits asynchronously: if the server crashes, the rows reappear and are sent twice, which may happen anyway. So a
 * busy relay doesn't make the writers wait for the disk.
 */
const COMMITS_ASYNCHRONOUSLY = `set_config('synchronous_commit', 'off', true) IS NOT NULL`;

const CLAIMED = `
  RETURNING version, entity_type, entity_id, crud_type, entity,
    floor(extract(epoch FROM changed_at) * 1000)::bigint AS changed_ms, dependencies, trace_context, is_heartbeat`;

/** Claims the first $1 rows if they have at most $2 bytes together, else none. See docs/decisions/0058. */
const CLAIM_ALL = `
  DELETE FROM db_event.outbox
  WHERE version = ANY ((
    SELECT array_agg(version) FROM (${LOCK}) AS locked HAVING sum(bytes) <= $2 AND ${COMMITS_ASYNCHRONOUSLY}
  )::bigint[])
  ${CLAIMED}`;

/** Claims as many of the first $1 rows as have at most $2 bytes together, and at least one. */
const CLAIM_FITTING = `
  DELETE FROM db_event.outbox
  WHERE version = ANY (ARRAY(
    SELECT version
    FROM (
      SELECT version, row_number() OVER by_version AS place, sum(bytes) OVER by_version AS total
      FROM (${LOCK}) AS locked WINDOW by_version AS (ORDER BY version ROWS UNBOUNDED PRECEDING)
    ) AS summed
    WHERE (place = 1 OR total <= $2) AND (SELECT ${COMMITS_ASYNCHRONOUSLY})
  ))
  ${CLAIMED}`;

const GIVE_BACK = `
  INSERT INTO db_event.outbox
    (version, entity_type, entity_id, crud_type, entity, changed_at, dependencies, trace_context, is_heartbeat)
  SELECT version, entity_type, entity_id, crud_type, entity, to_timestamp(changed_ms / 1000.0), dependencies,
    trace_context, is_heartbeat
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bigint[], $7::jsonb[], $8::jsonb[],
      $9::boolean[])
    AS row (version, entity_type, entity_id, crud_type, entity, changed_ms, dependencies, trace_context, is_heartbeat)`;

/**
 * The outbox in PostgreSQL. Wakes the relay through LISTEN.
 *
 *   idle -start-> listening; any -stop-> stopped
 */
export class PostgresOutboxStore extends OutboxStore {
  private readonly listeners = new Set<() => void>();
  private readonly listener: NotificationListener;
  private readonly wakeUpLock: WakeUpLock;

  constructor(
    private readonly pool: Pool,
    log: Log = SILENT_LOG,
  ) {
    super();
    this.listener = new NotificationListener(pool, APPENDED_CHANNEL, () => this.wake(), log);
    this.wakeUpLock = new WakeUpLock(pool, () => this.wake(), log);
  }

  async start(): Promise<void> {
    await this.listener.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.listener.stop(), this.wakeUpLock.stop()]);
  }

  onAppended(listener: () => void): void {
    this.listeners.add(listener);
  }

  awaitAppends(isAwaited: boolean): void {
    if (isAwaited) this.wakeUpLock.request();
    else this.wakeUpLock.cancel();
  }

  claim(limits: ClaimLimits, deliver: DeliverRows): Promise<ClaimResult> {
    // One transaction around the publishing: a crash before the broker's confirm must restore the rows.
    return inOwnTransaction(this.pool, async (client) => {
      const { rows, isFull } = await take(client, limits);
      if (rows.length === 0) return { claimed: 0, confirmed: 0, isFull };
      const claimed = rows.map(outboxRowOf).sort(byVersion);
      const confirmed = await deliver(claimed);
      await giveBack(
        client,
        claimed.filter(({ version }) => !confirmed.has(version)),
      );
      return { claimed: claimed.length, confirmed: confirmed.size, isFull };
    });
  }

  private wake(): void {
    for (const listener of this.listeners) listener();
  }
}

async function take(client: PoolClient, limits: ClaimLimits): Promise<{ rows: ClaimedRow[]; isFull: boolean }> {
  const params = [limits.rows, limits.bytes];
  const all = await client.query<ClaimedRow>(CLAIM_ALL, params);
  if (all.rows.length > 0) return { rows: all.rows, isFull: all.rows.length === limits.rows };
  // The outbox is empty, or its first rows don't fit.
  const { rows } = await client.query<ClaimedRow>(CLAIM_FITTING, params);
  return { rows, isFull: rows.length > 0 };
}

function outboxRowOf(row: ClaimedRow): OutboxRow {
  return {
    version: BigInt(row.version),
    entityType: row.entity_type,
    entityId: row.entity_id,
    crudType: row.crud_type,
    entity: row.entity,
    changeTimeMs: Number(row.changed_ms),
    ...(row.dependencies !== null && { dependencies: decodeDependencies(row.dependencies) }),
    ...(row.trace_context !== null && { traceContext: row.trace_context }),
    ...(row.is_heartbeat && { isHeartbeat: true }),
  };
}

function byVersion(left: OutboxRow, right: OutboxRow): number {
  return left.version < right.version ? -1 : 1;
}

async function giveBack(client: PoolClient, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(GIVE_BACK, [
    rows.map(({ version }) => String(version)),
    rows.map(({ entityType }) => entityType),
    rows.map(({ entityId }) => entityId),
    rows.map(({ crudType }) => crudType),
    rows.map(({ entity }) => entity),
    rows.map(({ changeTimeMs }) => changeTimeMs),
    rows.map(({ dependencies }) => encodeDependencies(dependencies)),
    rows.map(({ traceContext }) => (traceContext === undefined ? null : JSON.stringify(traceContext))),
    rows.map(({ isHeartbeat = false }) => isHeartbeat),
  ]);
}
