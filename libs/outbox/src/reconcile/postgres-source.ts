import { EMPTY_DIGEST, inRangeSql, RANGE_DIGEST_SQL, rowDigestSql, valueColumns } from '@dbem/reconcile';
import type { KeyRange, RangeDigest, ReadState, RowDigest } from '@dbem/transport';
import type { Pool } from 'pg';
import type { AnyReconcileSource } from './reconcile-source';
import { sourceRelationSql } from './source-relation';
import { stampRange } from './stamp';

interface SplitRow {
  last_id: string;
  rows: string;
  unstamped: string;
  digest: string;
}

/** Reads one entity type from a publisher's database for a comparison. Entities without a version are stamped first. */
export class PostgresSource {
  constructor(
    private readonly pool: Pool,
    private readonly source: AnyReconcileSource,
  ) {}

  async describe(): Promise<{ rows: number; newestVersion: string }> {
    const { rows } = await this.pool.query<{ rows: string; newest: string }>(
      `SELECT (SELECT count(*) FROM (${this.source.rows}) AS source) AS rows,
         (SELECT coalesce(max(version), 0) FROM db_event.entity_version WHERE entity_type = $1) AS newest`,
      [this.source.codec.entityType],
    );
    return { rows: Number(rows[0]?.rows), newestVersion: rows[0]?.newest ?? '0' };
  }

  async split(
    fields: readonly string[],
    range: KeyRange,
    rowsPerRange: number,
    limit: number,
  ): Promise<{ ranges: RangeDigest[]; isEnd: boolean }> {
    const inRange = inRangeSql('entity_id', range, 3);
    const sql = `
      WITH part AS (
        SELECT entity_id, ${rowDigestSql(fields.length)} AS digest, version IS NULL AS is_unstamped,
          (row_number() OVER (ORDER BY entity_id) - 1) / $1 AS place
        FROM (${sourceRelationSql(this.source, fields, inRange.sql)}) AS entity
        ORDER BY entity_id LIMIT $1 * $2
      )
      SELECT max(entity_id) AS last_id, count(*) AS rows, count(*) FILTER (WHERE is_unstamped) AS unstamped,
        ${RANGE_DIGEST_SQL} AS digest
      FROM part GROUP BY place ORDER BY place`;
    for (;;) {
      const { rows } = await this.pool.query<SplitRow>(sql, [rowsPerRange, limit, ...inRange.params]);
      const last = rows.at(-1)?.last_id ?? null;
      const isEnd = rows.reduce((total, row) => total + Number(row.rows), 0) < rowsPerRange * limit;
      const part = { after: range.after, to: isEnd ? range.to : last };
      const isStamped = rows.every(({ unstamped }) => unstamped === '0');
      // Entities of an open transaction can't be stamped, and need not be: they get their version when it commits.
      if (!isStamped && (await stampRange(this.pool, this.source, part)) > 0) continue;
      return { ranges: rangesOf(rows, part), isEnd };
    }
  }

  async rows(fields: readonly string[], range: KeyRange, limit: number): Promise<RowDigest[]> {
    const inRange = inRangeSql('entity_id', range, 2);
    const { rows } = await this.pool.query<{ entity_id: string; digest: string }>(
      `SELECT entity_id, encode(${rowDigestSql(fields.length)}, 'hex') AS digest
       FROM (${sourceRelationSql(this.source, fields, inRange.sql)}) AS entity ORDER BY entity_id LIMIT $1`,
      [limit, ...inRange.params],
    );
    return rows.map(({ entity_id, digest }) => ({ entityId: entity_id, digest }));
  }

  async readStates(fields: readonly string[], entityIds: readonly string[]): Promise<ReadState[]> {
    const values = valueColumns(fields.length).map((column) => `coalesce(${column}, 'null')::text`);
    const { rows } = await this.pool.query(
      `SELECT requested.entity_id, stamp.version, coalesce(stamp.deleted, false) AS is_deleted,
         coalesce(entity.is_present, false) AS is_present, ARRAY[${values.join(', ')}]::text[] AS values
       FROM unnest($2::text[]) AS requested (entity_id)
       LEFT JOIN db_event.entity_version AS stamp ON stamp.entity_type = $1 AND stamp.entity_id = requested.entity_id
       LEFT JOIN (${sourceRelationSql(this.source, fields, 'entity_id = ANY($2::text[])')}) AS entity
         ON entity.entity_id = requested.entity_id`,
      [this.source.codec.entityType, entityIds],
    );
    return rows.map((row) => ({
      entityId: row.entity_id,
      version: row.version,
      isDeleted: row.is_deleted,
      isPresent: row.is_present,
      values: row.is_present ? row.values : [],
    }));
  }
}

/** The ranges join without gaps; an empty range counts as well. */
function rangesOf(rows: readonly SplitRow[], part: KeyRange): RangeDigest[] {
  if (rows.length === 0) return [{ ...part, rows: 0, digest: EMPTY_DIGEST }];
  return rows.map((row, index) => ({
    after: index === 0 ? part.after : (rows[index - 1]?.last_id ?? null),
    to: index === rows.length - 1 ? part.to : row.last_id,
    rows: Number(row.rows),
    digest: row.digest,
  }));
}
