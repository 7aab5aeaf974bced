/**
 * The caller's open transaction on a PostgreSQL database: anything with `query(sql, params)`, such as a `pg` client or
 * TypeORM's `EntityManager`. `query` may resolve with an array of rows or with an object that has `rows`.
 */
export interface Queryable {
  query(sql: string, params?: unknown[]): Promise<unknown>;
}

/** The rows in a result of `Queryable.query`, in either form. */
export function rowsOf<Row>(result: unknown): Row[] {
  if (Array.isArray(result)) return result as Row[];
  return (result as { rows: Row[] }).rows;
}
