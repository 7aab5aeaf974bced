/**
 * For reconcile: keys in byte order, which is the same at both endpoints whatever the locales of their databases, and
 * the number of the last repair that passed at the current version.
 */
export const RECONCILE_SCHEMA_SQL = `
ALTER TABLE db_event.replica_version
  ALTER COLUMN publisher TYPE text COLLATE "C",
  ALTER COLUMN entity_type TYPE text COLLATE "C",
  ALTER COLUMN entity_id TYPE text COLLATE "C",
  ADD COLUMN repair_number bigint;
`;
