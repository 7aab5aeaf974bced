import { randomUUID } from 'node:crypto';
import { encodeEvent } from '@dbem/entity-codec';
import { inOwnTransaction } from '@dbem/postgres';
import { inRangeSql } from '@dbem/reconcile';
import { type Broker, type KeyRange, publishAllEvents, type RowToSend, type SendResult } from '@dbem/transport';
import type { Pool } from 'pg';
import { someOrNone } from '../change';
import { advancePast } from './advance-past';
import type { AnyReconcileSource } from './reconcile-source';
import { stampsSql } from './source-relation';
import { stampEntities } from './stamp';

export interface ReadSenderOptions {
  readonly pool: Pool;
  readonly broker: Broker;
  /** The publisher's name on the wire. */
  readonly service: string;
}

interface ReadRow {
  readonly entity_id: string;
  readonly source_version: string | null;
  readonly dbem_read_ms: string;
  /** Entities that match the slice's condition and its maximum of rows, including those that exceed its bytes. */
  readonly dbem_matches: string;
}

interface Slice {
  readonly rows: readonly ReadRow[];
  /** Whether no further entities match. */
  readonly isLast: boolean;
  /**
   * Maximum rows of the next slice. The database measures every row that it may return, so after a slice that was too
   * large for its maximum of rows, not many more than fit.
   */
  readonly nextRows: number;
}

type StampedRow = ReadRow & { readonly source_version: string };

interface Repairs {
  readonly entityIds: ReadonlySet<string>;
  readonly number: bigint;
}

const LOCK_TIMEOUT_MS = 8_000;
/** Maxima of what is read, and then sent, at a time. The bytes are those of the rows' text; one row may exceed them. */
const SLICE_ROWS = 500;
const SLICE_BYTES = 8 * 1024 * 1024;

/**
 * Sends the current state of entities as READ events to one recipient, confirmed by the broker. State and version are
 * read in one snapshot, without locks: a concurrent change has a greater version, and the recipient's version gate
 * handles it.
 *
 * The events carry the time at which they were read, so that their age is their time in transit. Rejects with the
 * database's or the broker's error; some of the events may have been sent by then, and may be sent again.
 */
export class ReadSender {
  constructor(
    private readonly source: AnyReconcileSource,
    private readonly options: ReadSenderOptions,
  ) {}

  /**
   * Sends at most `limit` entities of a range, from its start. Reads the next slice while the previous one is being
   * sent. `last`: the key to continue after; null if the range is done.
   */
  async sendRange(recipient: string, range: KeyRange, limit: number): Promise<SendResult & { last: string | null }> {
    let last = range.after;
    let sent: SendResult = { rows: 0, bytes: 0 };
    let sending = Promise.resolve(sent);
    let maxRows = SLICE_ROWS;
    for (let left = limit; left > 0; ) {
      const size = Math.min(left, maxRows);
      const inRange = inRangeSql('entity_id', { after: last, to: range.to }, 1);
      const [{ rows, isLast, nextRows }, before] = await Promise.all([
        this.read(inRange.sql, inRange.params, size),
        sending,
      ]);
      sent = sumOf(sent, before);
      sending = this.send(recipient, rows.filter(isStamped));
      left -= rows.length;
      last = isLast ? null : (rows.at(-1)?.entity_id ?? null);
      if (last === null) break;
      maxRows = nextRows;
    }
    return { ...sumOf(sent, await sending), last };
  }

  async sendRows(recipient: string, rows: readonly RowToSend[]): Promise<SendResult> {
    await this.outrank(rows);
    // Generated before the snapshot is taken: a greater number never belongs to an older state.
    const { rows: generated } = await this.options.pool.query<{ number: string }>(
      "SELECT nextval('db_event.version') AS number",
    );
    const repairs = new Set(rows.filter(({ isRepair }) => isRepair).map(({ entityId }) => entityId));
    const number = BigInt(generated[0]?.number ?? 0);
    let sent: SendResult = { rows: 0, bytes: 0 };
    let entityIds = rows.map(({ entityId }) => entityId);
    for (let maxRows = SLICE_ROWS; ; ) {
      const slice = await this.read('entity_id = ANY($1::text[])', [entityIds], maxRows);
      sent = sumOf(sent, await this.send(recipient, slice.rows.filter(isStamped), { entityIds: repairs, number }));
      if (slice.isLast) return sent;
      maxRows = slice.nextRows;
      const read = new Set(slice.rows.map(({ entity_id }) => entity_id));
      entityIds = entityIds.filter((entityId) => !read.has(entityId));
    }
  }

  /**
   * At most `limit` entities that match, and `SLICE_BYTES`. Stamps those without a version, unless an open transaction
   * is about to do so.
   */
  private async read(condition: string, params: unknown[], limit: number): Promise<Slice> {
    const { pool } = this.options;
    const { codec, rows: sourceRows } = this.source;
    const sql = `
      SELECT entity.*, source_version, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS dbem_read_ms
      FROM (
        SELECT dbem_row.*, count(*) OVER () AS dbem_matches, row_number() OVER by_id AS dbem_place,
          sum(octet_length(dbem_row::text)) OVER by_id AS dbem_bytes
        FROM (SELECT * FROM (${sourceRows}) AS source WHERE ${condition} ORDER BY entity_id LIMIT ${limit}) AS dbem_row
        WINDOW by_id AS (ORDER BY entity_id ROWS UNBOUNDED PRECEDING)
      ) AS entity
      LEFT JOIN (${stampsSql(codec.entityType, condition)}) AS stamp ON stamped_id = entity_id
      WHERE dbem_place = 1 OR dbem_bytes <= ${SLICE_BYTES} ORDER BY entity_id`;
    for (;;) {
      const { rows } = await pool.query<ReadRow>(sql, params);
      const unstamped = rows.filter((row) => !isStamped(row)).map(({ entity_id }) => entity_id);
      // A version must be committed before its state is read, so entities that were just stamped are read again.
      if ((await stampEntities(pool, this.source, unstamped)) > 0) continue;
      const isCut = rows.length < Number(rows[0]?.dbem_matches ?? 0);
      return { rows, isLast: !isCut && rows.length < limit, nextRows: Math.min(SLICE_ROWS, 2 * rows.length) };
    }
  }

  /**
   * Gives entities greater versions than those of the recipient which the source never committed, or lost when it was
   * restored from a backup. Waits at the entity's key for a transaction that is about to commit such a version, and
   * then skips it.
   */
  private async outrank(rows: readonly RowToSend[]): Promise<void> {
    const ahead = rows.filter((row): row is RowToSend & { outrank: string } => row.outrank !== undefined);
    if (ahead.length === 0) return;
    const versions = ahead.map(({ outrank }) => outrank);
    await inOwnTransaction(this.options.pool, async (client) => {
      await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await advancePast(client, versions);
      await client.query(
        `UPDATE db_event.entity_version AS present SET version = nextval('db_event.version'), changed_at = clock_timestamp()
         FROM unnest($2::text[], $3::bigint[]) AS ahead (entity_id, version)
         WHERE present.entity_type = $1 AND present.entity_id = ahead.entity_id AND present.version < ahead.version`,
        [this.source.codec.entityType, ahead.map(({ entityId }) => entityId), versions],
      );
    });
  }

  private async send(recipient: string, rows: readonly StampedRow[], repairs?: Repairs): Promise<SendResult> {
    const { broker, service: publisher } = this.options;
    const { codec, entityOf, dependenciesOf } = this.source;
    const read = randomUUID();
    let bytes = 0;
    const events = rows.map((row) => {
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
      return { messageId: eventId, body };
    });
    await publishAllEvents(broker, events);
    return { rows: rows.length, bytes };
  }
}

function isStamped(row: ReadRow): row is StampedRow {
  return row.source_version !== null;
}

function sumOf(one: SendResult, other: SendResult): SendResult {
  return { rows: one.rows + other.rows, bytes: one.bytes + other.bytes };
}
