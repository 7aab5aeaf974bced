import type { Queryable } from '@dbem/db-event';

/** A database that keeps what it is asked, and answers with the given rows, one answer after the other; then with none. */
export class ScriptedQueries implements Queryable {
  readonly asked: { readonly sql: string; readonly params: readonly unknown[] | undefined }[] = [];
  private readonly answers: unknown[][];

  constructor(...answers: unknown[][]) {
    this.answers = answers;
  }

  async query(sql: string, params?: unknown[]): Promise<{ rows: unknown[] }> {
    this.asked.push({ sql, params });
    return { rows: this.answers.shift() ?? [] };
  }
}
