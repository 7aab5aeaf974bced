import type { Queryable } from '@dbem/db-event';
import { CompiledQuery, type QueryResult } from 'kysely';

/** A Kysely transaction, of whatever tables. */
interface ExecutesQueries {
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>>;
}

/** Makes a Kysely transaction fit `ChangePublisher.publish`. `pg` clients and TypeORM's managers fit as they are. */
export function queryableOf(transaction: ExecutesQueries): Queryable {
  return { query: (sql, params = []) => transaction.executeQuery(CompiledQuery.raw(sql, params)) };
}
