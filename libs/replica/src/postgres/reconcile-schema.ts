/**
 * For reconcile: keys in byte order, which both sides of a comparison share whatever their databases' locales, and the number of
 * the last repair that passed at the present version.
 */
export const RECONCILE_SCHEMA_SQL = `
ALTER TABLE db_event.replica_version
  ALTER COLUMN publisher TYPE text COLLATE "C",
  ALTER COLUMN entity_type TYPE text COLLATE "C",
  ALTER COLUMN entity_id TYPE text COLLATE "C",
  ADD COLUMN repair_number bigint;
`;
