import { describe, expect, it } from 'vitest';
import { decodeReplicationToken, type EntityVersion, encodeReplicationToken } from './replication-token';

const MAX_LENGTH = 16_384;

function tokenOf(...entries: unknown[]): string {
  return Buffer.from(JSON.stringify(entries)).toString('base64url');
}

function changeOf(entityId: string, version: bigint): EntityVersion {
  return { publisher: 'registry', entityType: 'PROJECT', entityId, version };
}

describe('encodeReplicationToken', () => {
  it.each([
    ['rising', [1n, 2n, 9n]],
    ['falling', [9n, 2n, 1n]],
    ['equal', [9n, 9n]],
  ])('A token contains an entity once, with the newest of %s versions', (_order, versions) => {
    const token = encodeReplicationToken(versions.map((version) => changeOf('p', version)));
    expect(decodeReplicationToken(token)).toEqual([changeOf('p', 9n)]);
  });

  it('A token distinguishes entities that differ only in type or publisher', () => {
    const changes: EntityVersion[] = [
      changeOf('p', 3n),
      { ...changeOf('p', 2n), entityType: 'GROUP' },
      { ...changeOf('p', 1n), publisher: 'sharing' },
    ];
    expect(decodeReplicationToken(encodeReplicationToken(changes))).toEqual(changes);
  });
});

describe('decodeReplicationToken', () => {
  it('A token of the maximum length with the maximum version is decoded, and one that is a character longer is rejected', () => {
    const greatest = String(2n ** 63n - 1n);
    // In base64, four characters encode three bytes.
    const overhead = JSON.stringify([['registry', 'PROJECT', '', greatest]]).length;
    const longest = tokenOf(['registry', 'PROJECT', 'x'.repeat((MAX_LENGTH / 4) * 3 - overhead), greatest]);
    expect(longest).toHaveLength(MAX_LENGTH);
    expect(decodeReplicationToken(longest)[0]?.version).toBe(2n ** 63n - 1n);
    // Base64 decoders ignore an incomplete last group, so without the length check this token would be decoded.
    expect(() => decodeReplicationToken(`${longest}=`)).toThrow('replication token');
  });

  it.each([
    ['an entry that is a string', 'abcd'],
    ['an entry that is an object', { 0: 'registry', 1: 'PROJECT', 2: 'p', 3: '1', length: 4 }],
    ['no entity id', ['registry', 'PROJECT', null, '1']],
    ['an entity id that is a number', ['registry', 'PROJECT', 7, '1']],
    ['a publisher that is a number', [7, 'PROJECT', 'p', '1']],
    ['a fifth element', ['registry', 'PROJECT', 'p', '1', '']],
    ['a negative version', ['registry', 'PROJECT', 'p', '-1']],
    ['a version with a fraction', ['registry', 'PROJECT', 'p', '1.5']],
    ['a version with spaces around it', ['registry', 'PROJECT', 'p', ' 1 ']],
    ['a version with a leading zero', ['registry', 'PROJECT', 'p', '01']],
    ['a version with a trailing space', ['registry', 'PROJECT', 'p', '1 ']],
  ])('A token with %s is rejected', (_what, entry) => {
    expect(() => decodeReplicationToken(tokenOf(entry))).toThrow(
      expect.objectContaining({ code: 'TOKEN_INVALID', message: expect.stringContaining('replication token') }),
    );
  });
});
