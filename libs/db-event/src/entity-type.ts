/** The entity types of the wire contract, in the order of their wire values, starting at 0. */
export const ENTITY_TYPES = [
  'USER_PROFILE',
  'TENANT',
  'GROUP',
  'PROJECT',
  'EXPERIMENT',
  'APPLICATION',
  'SHARING',
  'REGISTRY',
] as const;

export type EntityType = (typeof ENTITY_TYPES)[number];

export function isEntityType(value: unknown): value is EntityType {
  return ENTITY_TYPES.includes(value as EntityType);
}
