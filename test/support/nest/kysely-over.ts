import { type Queryable, rowsOf } from '@dbem/db-event';
import { Kysely, PostgresDialect, type PostgresPoolClient, type PostgresQueryResult } from 'kysely';

/**
 * A Kysely that speaks inside an open transaction that somebody else began and will end (the applier's, say).
 * `transaction()` on it is an error: it can't begin another one.
 */
export function kyselyOver<Database>(transaction: Queryable): Kysely<Database> {
  const client = {
    async query(sql: string, params: readonly unknown[]): Promise<PostgresQueryResult<unknown>> {
      const answer = await transaction.query(sql, [...params]);
      const rows = rowsOf<unknown>(answer);
      const { rowCount, command } = answer as { rowCount?: number; command?: PostgresQueryResult<unknown>['command'] };
      return { rows, rowCount: rowCount ?? rows.length, command: command ?? 'SELECT' };
    },
    release() {},
  };
  return new Kysely<Database>({
    dialect: new PostgresDialect({
      pool: { connect: async () => client as unknown as PostgresPoolClient, end: async () => {} },
    }),
  });
}
