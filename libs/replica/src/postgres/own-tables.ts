import { DbEventError, type Queryable, rowsOf } from '@dbem/db-event';
import { transientKindOf } from '@dbem/platform';

/**
 * Queries tables of this library.
 *
 * @throws DbEventError DATABASE_UNAVAILABLE while they are not there; else the database's error.
 */
export async function queryOwnTables<Row>(database: Queryable, sql: string, params: unknown[]): Promise<Row[]> {
  try {
    return rowsOf<Row>(await database.query(sql, params));
  } catch (error) {
    if (transientKindOf(error) !== 'unmigrated') throw error;
    throw new DbEventError('DATABASE_UNAVAILABLE', 'The database lacks tables of the replica: it is not migrated yet', {
      retryable: true,
      cause: error,
    });
  }
}
