import type { Dependency } from '@dbem/db-event';
import { type Group, groupCodec } from '@dbem/entity-codec';
import { describe, expect, it } from 'vitest';
import { created, deleted, someOrNone, updated } from './change';

const group: Group = { id: 'g' };
const dependsOn: Dependency[] = [{ publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: 'ada' }];

describe('Change', () => {
  it.each([
    ['CREATE', created],
    ['UPDATE', updated],
  ] as const)('A change of kind %s holds the entity, and what it depends on if that is given', (crudType, make) => {
    expect(make(groupCodec, group)).toStrictEqual({ codec: groupCodec, crudType, entity: group });
    expect(make(groupCodec, group, { dependsOn })).toStrictEqual({
      codec: groupCodec,
      crudType,
      entity: group,
      dependsOn,
    });
  });

  it('A delete holds the entity as it was last, and depends on nothing', () => {
    expect(deleted(groupCodec, group)).toStrictEqual({ codec: groupCodec, crudType: 'DELETE', entity: group });
  });

  it('Dependencies that are none are left out on the wire', () => {
    expect(someOrNone(undefined)).toBeUndefined();
    expect(someOrNone([])).toBeUndefined();
    expect(someOrNone(dependsOn)).toBe(dependsOn);
  });
});
