/** What happened to an entity. READ is a row sent by a backfill: the entity as it stands, not a change of it. */
export const CRUD_TYPES = ['CREATE', 'READ', 'UPDATE', 'DELETE'] as const;

export type CrudType = (typeof CRUD_TYPES)[number];
