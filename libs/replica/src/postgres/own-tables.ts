import { DbEventError } from '@dbem/db-event';
import { transientKindOf } from '@dbem/postgres';
import type { ClientBase, Pool, QueryResultRow } from 'pg';

/** Planned once per connection. Must not select `*`: a migration could change the columns under the prepared plan. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/**
 * Queries tables of this library.
 *
 * @throws DbEventError DATABASE_UNAVAILABLE while the tables are missing; else the database's error.
 */
export async function queryOwnTables<Row extends QueryResultRow>(
  database: ClientBase | Pool,
  statement: PreparedStatement | string,
  values: unknown[],
): Promise<Row[]> {
  const config = typeof statement === 'string' ? { text: statement, values } : { ...statement, values };
  try {
    return (await database.query<Row>(config)).rows;
  } catch (error) {
    if (transientKindOf(error) !== 'unmigrated') throw error;
    const text = 'Replica tables are missing from the database: run the migrations (replicaMigrations)';
    throw new DbEventError('DATABASE_UNAVAILABLE', text, { retryable: true, cause: error });
  }
}
