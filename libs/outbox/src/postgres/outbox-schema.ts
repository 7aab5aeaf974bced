import type { Migrations } from '@dbem/platform';
import { sql } from 'kysely';
import { observationMigrations } from './observation-schema';

export const APPENDED_CHANNEL = 'db_event_outbox';

/**
 * The outbox in the service's own database. The version is also the order in which rows are claimed. Rows live for
 * milliseconds, so the table is vacuumed by the number of dead rows, not by their share.
 */
export const OUTBOX_SCHEMA_SQL = `
CREATE SCHEMA IF NOT EXISTS db_event;

CREATE SEQUENCE db_event.version AS bigint CACHE 1 NO CYCLE;

CREATE TABLE db_event.outbox (
  version bigint PRIMARY KEY DEFAULT nextval('db_event.version'),
  entity_type text NOT NULL,
  entity_id text NOT NULL,
  crud_type text NOT NULL,
  entity bytea NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_analyze_threshold = 10000,
  autovacuum_analyze_scale_factor = 0
);
`;

/**
 * The version of each entity's committed state, a tombstone where it was deleted: written by the statement that publishes the
 * change, so state and version can be read together in one snapshot, without locks. Its unique key is also the entity's lock.
 *
 * An entity that was there before the service published has no row until its first change, or until a run of reconcile
 * stamps it. No index but the key, and room in each page: updates stay in place (HOT).
 */
export const ENTITY_VERSION_SCHEMA_SQL = `
CREATE TABLE db_event.entity_version (
  entity_type text COLLATE "C" NOT NULL,
  entity_id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  deleted boolean NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (entity_type, entity_id)
) WITH (fillfactor = 70);
`;

/** For `migrate` of the platform library, or Kysely's own migrator. */
export const outboxMigrations: Migrations = {
  '0001_db_event_outbox': {
    async up(db) {
      await sql.raw(OUTBOX_SCHEMA_SQL).execute(db);
    },
  },
  '0002_db_event_entity_version': {
    async up(db) {
      await sql.raw(ENTITY_VERSION_SCHEMA_SQL).execute(db);
    },
  },
  ...observationMigrations,
};
