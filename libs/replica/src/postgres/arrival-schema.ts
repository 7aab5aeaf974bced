/** Replaced by `ARRIVAL_NUMBER_SCHEMA_SQL`. */
export const ARRIVAL_SCHEMA_SQL = `
ALTER TABLE db_event.replica_version ADD COLUMN arrived_at timestamptz;
`;

/**
 * Events of legacy publishers have no version: they are ordered by the arrival that the event manager counts.
 * `arrival`: the latest one that was applied to this entity, or replaced by another event of its batch.
 */
export const ARRIVAL_NUMBER_SCHEMA_SQL = `
ALTER TABLE db_event.replica_version DROP COLUMN arrived_at, ADD COLUMN arrival bigint;
`;
