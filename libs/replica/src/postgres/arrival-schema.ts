/**
 * Events of legacy publishers have no version: they are ordered by arrival. `arrived_at`: when the last such event that
 * was applied to this entity arrived or, if it had failed before, when it first failed; by this database's clock.
 */
export const ARRIVAL_SCHEMA_SQL = `
ALTER TABLE db_event.replica_version ADD COLUMN arrived_at timestamptz;
`;
