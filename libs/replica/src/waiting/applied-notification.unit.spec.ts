import type { EntityKey } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { decodeApplied, encodeApplied, hashOf } from './applied-notification';

const keyOf = (entityId: string): EntityKey => ({ publisher: 'user.profile', entityType: 'USER_PROFILE', entityId });

describe('applied notification', () => {
  it.each([
    ['ada@seagrid', 56_113_961],
    ['ада@Zürich 😀', 1_954_125_114],
  ])('The entity id %s has the hash %s, as in every other release', (entityId, hash) => {
    expect(hashOf(keyOf(entityId))).toBe(hash);
  });

  it('A notification of many entities is split into payloads that are short enough for PostgreSQL', () => {
    const keys = Array.from({ length: 3_000 }, (_, index) => keyOf(`user-${index}`));
    const payloads = encodeApplied(keys);
    expect(payloads).toHaveLength(3);
    for (const payload of payloads) expect(payload.length).toBeLessThan(8_000);
    expect(payloads.flatMap(decodeApplied)).toEqual(keys.map(hashOf));
  });
});
