import type { Queryable } from '@dbem/db-event';
import { CompiledQuery, type QueryResult } from 'kysely';

/** A Kysely transaction with any tables. */
interface ExecutesQueries {
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>>;
}

/** Adapts a Kysely transaction to `ChangePublisher.publish`. `pg` clients and TypeORM's managers need no adapter. */
export function queryableOf(transaction: ExecutesQueries): Queryable {
  return { query: (sql, params = []) => transaction.executeQuery(CompiledQuery.raw(sql, params)) };
}
