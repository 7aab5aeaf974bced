import { cursorOf, type Page, type PageQuery, toPage } from './paging';

/** A page of rows that are all in memory. Sorts them by their keys; every row must have the same number of keys. */
export function pageOfSorted<Row, Item>(
  rows: readonly Row[],
  { limit, after }: PageQuery,
  keysOf: (row: Row) => readonly string[],
  itemOf: (row: Row) => Item,
): Page<Item> {
  const sorted = [...rows].sort((left, right) => compare(keysOf(left), keysOf(right)));
  const [first] = sorted;
  const cursor = first === undefined ? undefined : cursorOf(after, keysOf(first).length);
  const rest = cursor === undefined ? sorted : sorted.filter((row) => compare(keysOf(row), cursor) > 0);
  return toPage(rest.slice(0, limit + 1), limit, keysOf, itemOf);
}

function compare(left: readonly string[], right: readonly string[]): number {
  for (const [index, key] of left.entries()) {
    const other = right[index] ?? '';
    if (key !== other) return key < other ? -1 : 1;
  }
  return 0;
}
