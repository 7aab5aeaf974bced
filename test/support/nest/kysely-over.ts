import { type Queryable, rowsOf } from '@dbem/db-event';
import { Kysely, PostgresDialect, type PostgresPoolClient, type PostgresQueryResult } from 'kysely';

/**
 * A Kysely that runs inside an open transaction that another component begins and ends, for example the applier.
 * Calling `transaction()` on it fails: it can't begin another transaction.
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
