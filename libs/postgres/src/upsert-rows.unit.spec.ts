import { expect, it } from 'vitest';
import { upsertRows } from './upsert-rows';

it('upsertRows writes all rows by one statement, and none for no rows', async () => {
  const asked: unknown[][] = [];
  const transaction = { query: async (...question: unknown[]) => asked.push(question) };
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
  expect(asked.map(([sql, params]) => [String(sql).replace(/\s+/g, ' '), params])).toEqual([
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
