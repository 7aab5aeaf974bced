import type { Queryable } from '@dbem/db-event';

/** A database that records its queries and returns the given results one after the other, then empty ones. */
export class ScriptedQueries implements Queryable {
  readonly queries: { readonly sql: string; readonly params: readonly unknown[] | undefined }[] = [];
  private readonly results: unknown[][];

  constructor(...results: unknown[][]) {
    this.results = results;
  }

  async query(sql: string, params?: unknown[]): Promise<{ rows: unknown[] }> {
    this.queries.push({ sql, params });
    return { rows: this.results.shift() ?? [] };
  }
}
