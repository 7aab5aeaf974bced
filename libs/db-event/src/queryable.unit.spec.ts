import { expect, it } from 'vitest';
import { rowsOf } from './queryable';

it('Rows are found in an answer that is an array of them and in one that has them as a field', () => {
  const rows = [{ version: '1' }, { version: '2' }];
  expect(rowsOf(rows)).toBe(rows);
  expect(rowsOf({ rows, rowCount: 2 })).toBe(rows);
});
