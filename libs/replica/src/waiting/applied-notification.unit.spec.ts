import type { EntityKey } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { decodeApplied, encodeApplied, hashOf } from './applied-notification';

const keyOf = (entityId: string): EntityKey => ({ publisher: 'user.profile', entityType: 'USER_PROFILE', entityId });

describe('a notification of what was applied', () => {
  it.each([
    ['ada@seagrid', 56_113_961],
    ['ада@Zürich 😀', 1_954_125_114],
  ])('names %s by the number that instances of other releases know it by', (entityId, hash) => {
    expect(hashOf(keyOf(entityId))).toBe(hash);
  });

  it('comes in as many payloads as it takes, each short enough for PostgreSQL', () => {
    const keys = Array.from({ length: 3_000 }, (_, index) => keyOf(`user-${index}`));
    const payloads = encodeApplied(keys);
    expect(payloads).toHaveLength(3);
    for (const payload of payloads) expect(payload.length).toBeLessThan(8_000);
    expect(payloads.flatMap(decodeApplied)).toEqual(keys.map(hashOf));
  });
});
