import type { Queryable } from '@dbem/db-event';
import type { Kysely } from 'kysely';
import { kyselyOver } from './kysely-over';

/**
 * Records all statements, and answers a statement with the rows or the error of the first registered text that it
 * contains.
 */
export class ScriptedDatabase implements Queryable {
  readonly asked: { readonly sql: string; readonly params: readonly unknown[] }[] = [];
  private readonly answers: { readonly text: string; readonly answer: readonly unknown[] | Error }[] = [];

  /** Transactions appear as the statements `begin`, `commit` and `rollback`. */
  kysely<Tables>(): Kysely<Tables> {
    return kyselyOver<Tables>(this);
  }

  on(text: string, answer: readonly unknown[] | Error): this {
    this.answers.push({ text, answer });
    return this;
  }

  /** The first two words of each statement. */
  get acts(): string[] {
    return this.asked.map(({ sql }) => sql.trim().split(/\s+/).slice(0, 2).join(' '));
  }

  async query(sql: string, params: unknown[] = []): Promise<{ rows: unknown[] }> {
    this.asked.push({ sql, params });
    const { answer = [] } = this.answers.find(({ text }) => sql.includes(text)) ?? {};
    if (answer instanceof Error) throw answer;
    return { rows: [...answer] };
  }
}
