import { expect, it } from 'vitest';
import { ENTITY_TYPES, isEntityType } from './entity-type';

it('Entity types keep the order of their values on the wire', () => {
  expect(ENTITY_TYPES.indexOf('USER_PROFILE')).toBe(0);
  expect(ENTITY_TYPES.indexOf('PROJECT')).toBe(3);
  expect(ENTITY_TYPES.indexOf('REGISTRY')).toBe(7);
});

it.each(['', 'user_profile', 3, undefined, ['PROJECT']])('%j is not an entity type', (value) => {
  expect(isEntityType(value)).toBe(false);
});
