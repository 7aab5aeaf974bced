import type { Queryable } from '@dbem/db-event';
import { CompiledQuery, type Kysely } from 'kysely';

/** Makes a Kysely transaction fit `ChangePublisher.publish`. `pg` clients and TypeORM's managers fit as they are. */
export function queryableOf<Database>(transaction: Kysely<Database>): Queryable {
  return { query: (sql, params = []) => transaction.executeQuery(CompiledQuery.raw(sql, params)) };
}
