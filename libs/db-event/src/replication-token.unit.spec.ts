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

const WRITTEN = encodeReplicationToken([
  { publisher: 'registry', entityType: 'PROJECT', entityId: 'p', version: 1n },
  { publisher: 'registry', entityType: 'PROJECT', entityId: 'q', version: 1n },
]);

/** A valid token whose content was changed by `damage`. */
function damaged(damage: (changes: unknown[][]) => unknown): string {
  const changes: unknown[][] = JSON.parse(Buffer.from(WRITTEN, 'base64url').toString());
  return Buffer.from(JSON.stringify(damage(changes))).toString('base64url');
}

/** A token with another value in one element of its last entry. */
function withElement(element: number, value: unknown): string {
  return damaged((changes) => changes.map((change, index) => (index === 1 ? change.with(element, value) : change)));
}

describe('replication token', () => {
  it('A replication token names the newest version of each entity that was written', () => {
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
    ['that is empty', ''],
    ['that is not JSON', 'nonsense'],
    ['that is not a list', damaged(() => ({}))],
    ['with an empty list', damaged(() => [])],
    ['with an unknown entity type', withElement(1, 'HOUSE')],
    ['with a number as its version', withElement(3, 1)],
    ['with the version 0', withElement(3, '0')],
    ['with a version of more than 63 bits', withElement(3, '9223372036854775808')],
    ['without a version', damaged((changes) => changes.map((change) => change.slice(0, 3)))],
    ['that is too long', 'a'.repeat(16_385)],
  ])('A replication token %s is rejected', (_what, token) => {
    expect(faultOf(WRITTEN)).toBe('none');
    expect(faultOf(damaged((changes) => changes))).toBe('none');
    expect(faultOf(token)).toBe('TOKEN_INVALID');
  });
});
