import type { KeyRange } from '@dbem/transport';

/**
 * Digests in SQL, the same on both endpoints. They are computed over a _relation_: a SELECT with the columns
 * `entity_id` (text, "C"), `version`, `is_present` and `v0`, `v1`, … (jsonb), one per compared field.
 *
 * The text of jsonb is canonical, and SHA-256 is the same in every version and build of PostgreSQL, unlike its own hash
 * functions.
 */
export function rowDigestSql(fieldCount: number): string {
  const values = valueColumns(fieldCount).map((column) => `, ${column}`);
  return `sha256(convert_to(jsonb_build_array(entity_id, version, is_present${values.join('')})::text, 'UTF8'))`;
}

/** Aggregates rows with the columns `entity_id` and `digest`. */
export const RANGE_DIGEST_SQL = `
  encode(sha256(coalesce(string_agg(digest, ''::bytea ORDER BY entity_id), ''::bytea)), 'hex')`;

/** SHA-256 of the empty string: the digest of a range without rows. */
export const EMPTY_DIGEST = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export function valueColumns(fieldCount: number): string[] {
  return Array.from({ length: fieldCount }, (_, index) => `v${index}`);
}

/** A condition on `column`, and its parameters, which are numbered from `firstParam`. */
export function inRangeSql(
  column: string,
  { after, to }: KeyRange,
  firstParam: number,
): { sql: string; params: string[] } {
  const params = [after, to].filter((bound) => bound !== null);
  const conditions = [
    ...(after === null ? [] : [`${column} > $${firstParam} COLLATE "C"`]),
    ...(to === null ? [] : [`${column} <= $${firstParam + params.length - 1} COLLATE "C"`]),
  ];
  return { sql: conditions.length === 0 ? 'true' : conditions.join(' AND '), params };
}
