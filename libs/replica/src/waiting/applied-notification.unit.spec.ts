import type { EntityKey } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { APPLIED_CHANNEL, decodeApplied, encodeApplied, hashOf } from './applied-notification';

const keyOf = (entityId: string): EntityKey => ({ publisher: 'user.profile', entityType: 'USER_PROFILE', entityId });

describe('applied notification', () => {
  it.each([
    ['ada@seagrid', 56_113_961],
    ['ада@Zürich 😀', 1_954_125_114],
  ])('The entity id %s has the hash %s, which must not change between releases', (entityId, hash) => {
    expect(hashOf(keyOf(entityId))).toBe(hash);
  });

  it('A notification of many entities is split into payloads below PostgreSQL’s limit', () => {
    const keys = Array.from({ length: 3_000 }, (_, index) => keyOf(`user-${index}`));
    const payloads = encodeApplied(keys);
    expect(payloads).toHaveLength(3);
    for (const payload of payloads) expect(payload.length).toBeLessThan(8_000);
    expect(payloads.flatMap(decodeApplied)).toEqual(keys.map(hashOf));
  });
});

describe('hashOf', () => {
  it('A key has the hash of its UTF-8 bytes, whether or not it is ASCII', () => {
    const fnv1a = (text: string) => {
      let hash = 0x811c9dc5n;
      for (const byte of Buffer.from(text)) hash = ((hash ^ BigInt(byte)) * 0x01000193n) % 2n ** 32n;
      return Number(hash);
    };
    for (const entityId of ['', 'ada', '\u007f', '\u0080', 'a\u007fb\u00e9']) {
      expect(hashOf(keyOf(entityId))).toBe(fnv1a(`user.profile USER_PROFILE ${entityId}`));
    }
  });
});

describe('encodeApplied', () => {
  it('A payload has at most 1,400 entities, and there is none without entities', () => {
    const keys = Array.from({ length: 1_401 }, (_, index) => keyOf(`user-${index}`));
    expect(encodeApplied([])).toEqual([]);
    expect(encodeApplied(keys.slice(0, 1_400))).toHaveLength(1);
    expect(encodeApplied(keys)).toHaveLength(2);
  });
});

it('The notification channel has a name that must not change between releases', () => {
  expect(APPLIED_CHANNEL).toBe('db_event_applied');
});
