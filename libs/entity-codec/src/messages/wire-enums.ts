import {
  CRUD_TYPES,
  type CrudType,
  DbEventError,
  type DbEventErrorCode,
  ENTITY_TYPES,
  type EntityType,
} from '@dbem/db-event';

export const MESSAGE_TYPE_DB_EVENT = 8;
export const DB_EVENT_TYPE_PUBLISHER = 0;
export const DB_EVENT_TYPE_SUBSCRIBER = 1;
export const ACTION_SUBSCRIBE = 0;
export const ACTION_UNSUBSCRIBE = 1;
export const STATUS_ACCEPTED = 0;
export const STATUS_REJECTED = 1;

export function crudTypeOf(value: number): CrudType {
  return CRUD_TYPES[value] ?? unknown('CRUD_TYPE_UNKNOWN', 'CRUD type', value);
}

export function entityTypeOf(value: number): EntityType {
  return ENTITY_TYPES[value] ?? unknown('ENTITY_TYPE_UNKNOWN', 'entity type', value);
}

export function unknown(code: DbEventErrorCode, what: string, value: number): never {
  throw new DbEventError(code, `Unknown ${what}: ${value}`, { details: { value } });
}
