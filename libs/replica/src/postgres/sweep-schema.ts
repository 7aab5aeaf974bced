/**
 * The horizon of each publisher: the newest version among its swept rows. An event that is not newer, for an entity
 * without a row, may belong to an entity whose tombstone was swept.
 */
export const SWEEP_SCHEMA_SQL = `
CREATE TABLE db_event.replica_horizon (
  publisher text PRIMARY KEY,
  version bigint NOT NULL
);

CREATE INDEX replica_version_tombstones ON db_event.replica_version (applied_at) WHERE deleted;
`;
