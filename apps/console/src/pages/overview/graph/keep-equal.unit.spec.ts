import { expect, it } from 'vitest';
import { keepEqual } from './keep-equal';

it('keepEqual returns the previous object of an equal item and the new object of a changed item', () => {
  const edge = { depth: 1 };
  const before = [
    { id: 'a', position: { x: 1, y: 2 }, data: { edges: [edge], kind: 'subscriber' } },
    { id: 'b', position: { x: 1, y: 2 }, data: { edges: [edge], kind: 'subscriber' } },
  ];
  const after = keepEqual(before, [
    { id: 'a', position: { x: 1, y: 2 }, data: { edges: [edge], kind: 'subscriber' } },
    { id: 'b', position: { x: 1, y: 2 }, data: { edges: [{ depth: 2 }], kind: 'subscriber' } },
  ]);
  expect(after[0]).toBe(before[0]);
  expect(after[1]?.data.edges).toEqual([{ depth: 2 }]);
});
