import type { Schemas } from './schemas';

export type EntityType = Schemas['ParkedEventDto']['entityType'] & string;

export const ENTITY_TYPES: readonly EntityType[] = [
  'USER_PROFILE',
  'TENANT',
  'GROUP',
  'PROJECT',
  'EXPERIMENT',
  'APPLICATION',
  'SHARING',
  'REGISTRY',
];
