import type { CompiledQuery, QueryResult } from 'kysely';
import { expect, it } from 'vitest';
import { queryableOf } from './queryable-of';

it('A Kysely transaction runs the given statement, with or without parameters', async () => {
  const run: { sql: string; parameters: readonly unknown[] }[] = [];
  const transaction = {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery<Row>): Promise<QueryResult<Row>> {
      run.push({ sql, parameters });
      return { rows: [] };
    },
  };
  const queryable = queryableOf(transaction);
  expect(await queryable.query('SELECT $1', [7])).toEqual({ rows: [] });
  await queryable.query('SELECT 1');
  expect(run).toEqual([
    { sql: 'SELECT $1', parameters: [7] },
    { sql: 'SELECT 1', parameters: [] },
  ]);
});
