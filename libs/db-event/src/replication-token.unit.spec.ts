import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DbEventError } from './db-event.error';
import { ENTITY_TYPES } from './entity-type';
import { decodeReplicationToken, encodeReplicationToken } from './replication-token';

const change = fc.record({
  publisher: fc.constantFrom('user.profile', 'registry'),
  entityType: fc.constantFrom(...ENTITY_TYPES),
  entityId: fc.string({ unit: 'grapheme', minLength: 1 }),
  version: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
});

function faultOf(token: string): string {
  try {
    decodeReplicationToken(token);
  } catch (error) {
    if (error instanceof DbEventError) return error.code;
    throw error;
  }
  return 'none';
}

function tokenOf(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('a replication token', () => {
  it('names the newest version of each entity that was written', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1 }), (changes) => {
        const newest = new Map<string, (typeof changes)[number]>();
        for (const one of changes) {
          const key = `${one.publisher} ${one.entityType} ${one.entityId}`;
          if ((newest.get(key)?.version ?? 0n) < one.version) newest.set(key, one);
        }
        const token = encodeReplicationToken(changes);
        expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(decodeReplicationToken(token)).toEqual([...newest.values()]);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'nonsense'],
    ['no list', tokenOf({})],
    ['an empty list', tokenOf([])],
    ['an unknown entity type', tokenOf([['registry', 'HOUSE', 'p', '1']])],
    ['a version that is a number', tokenOf([['registry', 'PROJECT', 'p', 1]])],
    ['a version of 0', tokenOf([['registry', 'PROJECT', 'p', '0']])],
    ['a version that is too great', tokenOf([['registry', 'PROJECT', 'p', '9223372036854775808']])],
    ['too little', tokenOf([['registry', 'PROJECT', 'p']])],
    ['too much', 'a'.repeat(16_385)],
  ])('is refused if it holds %s', (_what, token) => {
    expect(faultOf(token)).toBe('TOKEN_INVALID');
  });
});
