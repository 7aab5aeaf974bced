import { DbEventError, type EntityType } from '@dbem/db-event';
import { EMPTY_DIGEST, inRangeSql, RANGE_DIGEST_SQL, rowDigestSql, valueColumns } from '@dbem/reconcile';
import type { KeyRange, RangeDigest, ReadState, RowDigest } from '@dbem/transport';
import type { Pool } from 'pg';
import type { ReplicaProjection } from '../handlers/replica-projection';

/**
 * Reads a replica of one entity type for a comparison: the versions of the version gate, joined with the service's
 * rows.
 */
export class PostgresReplica {
  constructor(
    private readonly pool: Pool,
    private readonly publisher: string,
    private readonly entityType: EntityType,
    private readonly projection: ReplicaProjection | undefined,
  ) {}

  get fields(): string[] {
    return Object.keys(this.projection?.fields ?? {});
  }

  /** @param ranges adjacent, so that one statement covers all of them. */
  async digest(fields: readonly string[], ranges: readonly KeyRange[]): Promise<RangeDigest[]> {
    const { sql, params } = this.relation(fields, { after: ranges[0]?.after ?? null, to: ranges.at(-1)?.to ?? null });
    const { rows } = await this.pool.query<{ place: number; rows: string; digest: string }>(
      `SELECT place, count(*) AS rows, ${RANGE_DIGEST_SQL} AS digest
       FROM (
         SELECT entity_id, ${rowDigestSql(fields.length)} AS digest,
           width_bucket(entity_id, $${params.length + 1}::text[] COLLATE "C") AS place
         FROM (${sql}) AS entity
       ) AS entity GROUP BY place`,
      [...params, ranges.slice(0, -1).map(({ to }) => firstIdAfter(to))],
    );
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return ranges.map((range, place) => {
      const { rows: count = 0, digest = EMPTY_DIGEST } = byPlace.get(place) ?? {};
      return { ...range, rows: Number(count), digest };
    });
  }

  async rows(fields: readonly string[], range: KeyRange, limit: number): Promise<RowDigest[]> {
    const { sql, params } = this.relation(fields, range, limit);
    const { rows } = await this.pool.query<{ entity_id: string; digest: string }>(
      `SELECT entity_id, encode(${rowDigestSql(fields.length)}, 'hex') AS digest
       FROM (${sql}) AS entity ORDER BY entity_id LIMIT ${limit}`,
      params,
    );
    return rows.map(({ entity_id, digest }) => ({ entityId: entity_id, digest }));
  }

  async readStates(fields: readonly string[], entityIds: readonly string[]): Promise<ReadState[]> {
    const values = valueColumns(fields.length).map((column) => `coalesce(${column}, 'null')::text`);
    const { rows } = await this.pool.query(
      `SELECT wanted.entity_id, gate.version, coalesce(gate.deleted, false) AS is_deleted,
         ${this.projection === undefined ? 'gate.version IS NOT NULL AND NOT gate.deleted' : 'own.entity_id IS NOT NULL'} AS is_present,
         ARRAY[${values.join(', ')}]::text[] AS values
       FROM unnest($3::text[]) AS wanted (entity_id)
       LEFT JOIN db_event.replica_version AS gate
         ON gate.publisher = $1 AND gate.entity_type = $2 AND gate.entity_id = wanted.entity_id
       LEFT JOIN (${this.ownRowsSql(fields, 'entity_id = ANY($3::text[])')}) AS own ON own.entity_id = wanted.entity_id`,
      [this.publisher, this.entityType, entityIds],
    );
    return rows.map((row) => ({
      entityId: row.entity_id,
      version: row.version,
      isDeleted: row.is_deleted,
      isPresent: row.is_present,
      values: row.is_present ? row.values : [],
    }));
  }

  /**
   * The replica's rows in a range: versions of the gate, fully joined with the service's rows. A row without a version
   * and a version without a row differ from any row of the source.
   */
  private relation(fields: readonly string[], range: KeyRange, limit?: number): { sql: string; params: unknown[] } {
    const inRange = inRangeSql('entity_id', range, 3);
    const first = limit === undefined ? '' : `ORDER BY entity_id LIMIT ${limit}`;
    const gate = `
      SELECT entity_id, version FROM db_event.replica_version
      WHERE publisher = $1 AND entity_type = $2 AND NOT deleted AND ${inRange.sql} ${first}`;
    const params = [this.publisher, this.entityType, ...inRange.params];
    if (this.projection === undefined) return { sql: `SELECT *, true AS is_present FROM (${gate}) AS gate`, params };
    const columns = valueColumns(fields.length).map((column) => `, ${column}`);
    return {
      sql: `
        SELECT coalesce(gate.entity_id, own.entity_id) AS entity_id, version,
          own.entity_id IS NOT NULL AS is_present${columns.join('')}
        FROM (${gate}) AS gate
        FULL JOIN (${this.ownRowsSql(fields, inRange.sql)} ${first}) AS own ON own.entity_id = gate.entity_id`,
      params,
    };
  }

  private ownRowsSql(fields: readonly string[], condition: string): string {
    const { rows = 'SELECT NULL::text COLLATE "C" AS entity_id WHERE false', fields: expressions = {} } =
      this.projection ?? {};
    const values = fields.map((field, index) => {
      const expression = expressions[field];
      if (expression === undefined) {
        throw new DbEventError('RECONCILE_UNSUPPORTED', `The replica's projection has no field "${field}" any longer`);
      }
      return `, to_jsonb(${expression}) AS v${index}`;
    });
    return `SELECT entity_id${values.join('')} FROM (${rows}) AS replica WHERE ${condition}`;
  }
}

/** The first possible id after a range, whose end is inclusive. PostgreSQL's text can't contain byte 0. */
function firstIdAfter(id: string | null): string {
  return `${id ?? ''}\u0001`;
}
