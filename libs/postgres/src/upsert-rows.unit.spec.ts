import { expect, it } from 'vitest';
import { upsertRows } from './upsert-rows';

it('upsertRows writes all rows with one statement, and runs none without rows', async () => {
  const queries: unknown[][] = [];
  const transaction = { query: async (...query: unknown[]) => queries.push(query) };
  await upsertRows(
    transaction,
    'house',
    ['street', 'number'],
    [
      { street: 'High', number: '1', colour: 'red' },
      { street: 'High', number: '2', colour: null },
    ],
  );
  await upsertRows(transaction, 'house', [], []);
  expect(queries.map(([sql, params]) => [String(sql).replace(/\s+/g, ' '), params])).toEqual([
    [
      'INSERT INTO house (street, number, colour) SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ' +
        'ON CONFLICT (street, number) DO UPDATE SET colour = excluded.colour',
      [
        ['High', 'High'],
        ['1', '2'],
        ['red', null],
      ],
    ],
  ]);
});
