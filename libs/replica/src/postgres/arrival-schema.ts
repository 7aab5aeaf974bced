/**
 * An old publisher's events have no version: they are ordered by their arrival. `arrived_at`: when the last one that was
 * applied to this entity had come, or had failed first, by this database's clock.
 */
export const ARRIVAL_SCHEMA_SQL = `
ALTER TABLE db_event.replica_version ADD COLUMN arrived_at timestamptz;
`;
