/**
 * A caller's open transaction on a PostgreSQL database: anything with `query(sql, params)`, such as a `pg` client or
 * TypeORM's `EntityManager`. May answer with an array of rows or with an object that has `rows`.
 */
export interface Queryable {
  query(sql: string, params?: unknown[]): Promise<unknown>;
}

/** The rows of an answer of `Queryable.query`, whichever of the two forms it has. */
export function rowsOf<Row>(answer: unknown): Row[] {
  if (Array.isArray(answer)) return answer as Row[];
  return (answer as { rows: Row[] }).rows;
}
