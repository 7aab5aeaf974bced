import { DbEventError } from '@dbem/db-event';
import { transientKindOf } from '@dbem/postgres';
import type { ClientBase, Pool, QueryResultRow } from 'pg';

/** PostgreSQL plans it once a connection. Names its columns: those of `*` could change under it. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/**
 * Queries tables of this library.
 *
 * @throws DbEventError DATABASE_UNAVAILABLE while they are not there; else the database's error.
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
    throw new DbEventError('DATABASE_UNAVAILABLE', 'The database lacks tables of the replica: it is not migrated yet', {
      retryable: true,
      cause: error,
    });
  }
}
