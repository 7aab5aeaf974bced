import type { Queryable } from '@dbem/db-event';

/**
 * Inserts rows of text columns, or updates those whose key exists, with one statement. The names of table and columns
 * go into the SQL unescaped, so they must be trusted.
 *
 * @param rows with different keys, all with the same columns.
 */
export async function upsertRows<Row extends Readonly<Record<keyof Row, string | null>>>(
  transaction: Queryable,
  table: string,
  key: readonly (keyof Row & string)[],
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first) as (keyof Row & string)[];
  const updated = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
  await transaction.query(
    `INSERT INTO ${table} (${columns.join(', ')})
     SELECT * FROM unnest(${columns.map((_, index) => `$${index + 1}::text[]`).join(', ')})
     ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${updated.join(', ')}`,
    columns.map((column) => rows.map((row) => row[column])),
  );
}
