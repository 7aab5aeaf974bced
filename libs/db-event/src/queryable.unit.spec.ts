import { expect, it } from 'vitest';
import { rowsOf } from './queryable';

it('rowsOf returns the rows of a result that is an array and of one that has a rows field', () => {
  const rows = [{ version: '1' }, { version: '2' }];
  expect(rowsOf(rows)).toBe(rows);
  expect(rowsOf({ rows, rowCount: 2 })).toBe(rows);
});
