/** What happened to an entity. READ is a row sent by a backfill: the entity's current state, not a change. */
export const CRUD_TYPES = ['CREATE', 'READ', 'UPDATE', 'DELETE'] as const;

export type CrudType = (typeof CRUD_TYPES)[number];
