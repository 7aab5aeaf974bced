import { randomUUID } from 'node:crypto';
import { encodeEvent } from '@dbem/entity-codec';
import { inOwnTransaction } from '@dbem/platform';
import { inRangeSql, type KeyRange, type RowToSend, type Sent } from '@dbem/reconcile';
import { type Broker, EVENT_EXCHANGE, MANAGER_ROUTING_KEY } from '@dbem/transport';
import type { Pool } from 'pg';
import { someOrNone } from '../change';
import { goPast } from './go-past';
import type { AnyReconcileSource } from './reconcile-source';
import { stampsSql } from './source-relation';
import { stampEntities, stampRange } from './stamp';

export interface ReadSenderOptions {
  readonly pool: Pool;
  readonly broker: Broker;
  /** The publisher's name on the wire. */
  readonly service: string;
}

interface ReadRow {
  readonly entity_id: string;
  readonly source_version: string;
  readonly dbem_read_ms: string;
}

interface Repairs {
  readonly entityIds: ReadonlySet<string>;
  readonly number: bigint;
}

const LOCK_TIMEOUT_MS = 8_000;

/**
 * Sends entities as they stand, as READ events for one recipient, confirmed by the broker. State and version are read in one
 * snapshot, without locks: whatever changes meanwhile has a greater version, and the recipient's version gate sorts it out.
 *
 * Events carry the time at which they were read, for their age says how long they were on their way. Rejects with the
 * database's or the broker's error; some of the events may have been sent then, and may be sent again.
 */
export class ReadSender {
  constructor(
    private readonly source: AnyReconcileSource,
    private readonly options: ReadSenderOptions,
  ) {}

  /** The entities of a range, from its start, about `limit` of them. `last`: where to go on; null: the range is done. */
  async sendRange(recipient: string, range: KeyRange, limit: number): Promise<Sent & { last: string | null }> {
    const last = await this.endOf(range, limit);
    const part = { after: range.after, to: last ?? range.to };
    await stampRange(this.options.pool, this.source, part);
    const inRange = inRangeSql('entity_id', part, 1);
    const rows = await this.read(inRange.sql, inRange.params);
    return { ...(await this.send(recipient, rows)), last };
  }

  async sendRows(recipient: string, rows: readonly RowToSend[]): Promise<Sent> {
    const { pool } = this.options;
    const entityIds = rows.map(({ entityId }) => entityId);
    await stampEntities(pool, this.source, entityIds);
    await this.outrank(rows);
    // Drawn before the snapshot is taken: a greater number never stands for an older state.
    const { rows: drawn } = await pool.query<{ number: string }>("SELECT nextval('db_event.version') AS number");
    const repairs = new Set(rows.filter(({ isRepair }) => isRepair).map(({ entityId }) => entityId));
    const read = await this.read('entity_id = ANY($1::text[])', [entityIds]);
    return this.send(recipient, read, { entityIds: repairs, number: BigInt(drawn[0]?.number ?? 0) });
  }

  private async read(condition: string, params: unknown[]): Promise<ReadRow[]> {
    const { rows } = await this.options.pool.query<ReadRow>(
      `SELECT entity.*, source_version, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS dbem_read_ms
       FROM (SELECT * FROM (${this.source.rows}) AS source WHERE ${condition}) AS entity
       JOIN (${stampsSql(this.source.codec.entityType)}) AS stamp ON stamped_id = entity_id ORDER BY entity_id`,
      params,
    );
    return rows;
  }

  /** The id of the last of `limit` entities; null if there are fewer. */
  private async endOf(range: KeyRange, limit: number): Promise<string | null> {
    const inRange = inRangeSql('entity_id', range, 2);
    const { rows } = await this.options.pool.query<{ entity_id: string }>(
      `SELECT entity_id FROM (${this.source.rows}) AS source WHERE ${inRange.sql}
       ORDER BY entity_id OFFSET $1 LIMIT 1`,
      [limit - 1, ...inRange.params],
    );
    return rows[0]?.entity_id ?? null;
  }

  /**
   * Takes entities past versions that the recipient holds although the source never committed them, or has lost them with a
   * backup. Waits at the entity's key for a transaction that is about to commit such a version, and then leaves it alone.
   */
  private async outrank(rows: readonly RowToSend[]): Promise<void> {
    const held = rows.filter((row): row is RowToSend & { outrank: string } => row.outrank !== undefined);
    if (held.length === 0) return;
    const versions = held.map(({ outrank }) => outrank);
    await inOwnTransaction(this.options.pool, async (client) => {
      await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await goPast(client, versions);
      await client.query(
        `UPDATE db_event.entity_version AS present SET version = nextval('db_event.version'), changed_at = clock_timestamp()
         FROM unnest($2::text[], $3::bigint[]) AS held (entity_id, version)
         WHERE present.entity_type = $1 AND present.entity_id = held.entity_id AND present.version < held.version`,
        [this.source.codec.entityType, held.map(({ entityId }) => entityId), versions],
      );
    });
  }

  private async send(recipient: string, rows: readonly ReadRow[], repairs?: Repairs): Promise<Sent> {
    const { broker, service: publisher } = this.options;
    const { codec, entityOf, dependenciesOf } = this.source;
    const read = randomUUID();
    let bytes = 0;
    const publishing = rows.map((row) => {
      const version = BigInt(row.source_version);
      const eventId = `${publisher}:${version}:${read}`;
      const body = encodeEvent({
        publisher,
        entityType: codec.entityType,
        crudType: 'READ',
        entity: codec.encode(entityOf(row)),
        eventId,
        entityId: row.entity_id,
        version,
        changeTimeMs: Number(row.dbem_read_ms),
        dependencies: someOrNone(dependenciesOf?.(row)),
        recipient,
        repairNumber: repairs?.entityIds.has(row.entity_id) ? repairs.number : undefined,
      });
      bytes += body.length;
      return broker.publish({
        exchange: EVENT_EXCHANGE,
        routingKey: MANAGER_ROUTING_KEY,
        contentType: 'text/plain',
        messageId: eventId,
        body,
      });
    });
    const outcomes = await Promise.allSettled(publishing);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return { rows: rows.length, bytes };
  }
}
