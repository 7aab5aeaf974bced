import { describe, expect, it } from 'vitest';
import { cursorOf, toPage } from './paging';

describe('paging', () => {
  const rows = ['a', 'b', 'c'].map((id) => ({ id }));

  it('toPage returns a cursor for the next page, and none on the last page', () => {
    const first = toPage(
      rows,
      2,
      ({ id }) => [id],
      ({ id }) => id,
    );
    expect(first.items).toEqual(['a', 'b']);
    expect(cursorOf(first.next, 1)).toEqual(['b']);
    expect(
      toPage(
        rows,
        3,
        ({ id }) => [id],
        ({ id }) => id,
      ),
    ).toEqual({ items: ['a', 'b', 'c'] });
  });

  it('cursorOf rejects an invalid cursor', () => {
    expect(cursorOf(undefined, 1)).toBeUndefined();
    for (const after of [
      'x',
      Buffer.from('["a","b"]').toString('base64url'),
      Buffer.from('[1]').toString('base64url'),
    ]) {
      expect(() => cursorOf(after, 1)).toThrow('after');
    }
  });
});
