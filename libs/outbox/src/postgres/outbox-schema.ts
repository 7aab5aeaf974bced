import type { Migrations } from '@dbem/postgres';
import { sql } from 'kysely';
import { observationMigrations } from './observation-schema';
import { WAKE_UP_LOCK } from './wake-up-lock';

export const APPENDED_CHANNEL = 'db_event_outbox';

/**
 * The outbox in the service's own database. Rows are claimed in the order of their versions. Rows live for
 * milliseconds, so the table is vacuumed by the number of dead rows, not by their fraction.
 *
 * `dependencies`: the changes that must be applied before this one. `trace_context`: the W3C headers of a change that
 * was made in a traced request.
 */
const OUTBOX_SCHEMA_SQL = `
CREATE SCHEMA IF NOT EXISTS db_event;

CREATE SEQUENCE db_event.version AS bigint CACHE 1 NO CYCLE;

CREATE TABLE db_event.outbox (
  version bigint PRIMARY KEY DEFAULT nextval('db_event.version'),
  entity_type text NOT NULL,
  entity_id text NOT NULL,
  crud_type text NOT NULL,
  entity bytea NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  dependencies jsonb,
  trace_context jsonb,
  is_heartbeat boolean NOT NULL DEFAULT false
) WITH (
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_analyze_threshold = 10000,
  autovacuum_analyze_scale_factor = 0
);
`;

/**
 * The version of each entity's committed state, or a tombstone if it was deleted. The statement that publishes the
 * change writes it, so state and version can be read together in one snapshot, without locks. Its unique key also locks
 * the entity.
 *
 * An entity that is older than the service's outbox has no row until its first change, or until a reconcile run stamps
 * it. No index except the key, and free space in each page, so that updates are HOT.
 *
 * `note_change` generates an entity's next version and, if `state` is given, appends the change to the outbox. The
 * version is generated after this transaction has locked the entity's row: of two transactions on one id, the second
 * one waits and gets the greater version, even if it called first. It is a function because PostgreSQL caches its
 * plans: a plain statement took the writer twice as long. It wakes a relay only if one waits: see `WakeUpLock`.
 */
const ENTITY_VERSION_SCHEMA_SQL = `
CREATE TABLE db_event.entity_version (
  entity_type text COLLATE "C" NOT NULL,
  entity_id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  deleted boolean NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (entity_type, entity_id)
) WITH (fillfactor = 70);

CREATE FUNCTION db_event.note_change(
  type text, id text, crud text, state bytea, depends_on jsonb DEFAULT NULL, trace jsonb DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  drawn bigint;
  noted_at timestamptz;
BEGIN
  INSERT INTO db_event.entity_version (entity_type, entity_id, version, deleted)
  VALUES (type, id, nextval('db_event.version'), crud = 'DELETE')
  ON CONFLICT (entity_type, entity_id) DO UPDATE
  SET version = nextval('db_event.version'), deleted = excluded.deleted, changed_at = clock_timestamp()
  RETURNING version, changed_at INTO drawn, noted_at;
  IF state IS NOT NULL THEN
    INSERT INTO db_event.outbox
      (version, entity_type, entity_id, crud_type, entity, changed_at, dependencies, trace_context)
    VALUES (drawn, type, id, crud, state, noted_at, depends_on, trace);
    IF NOT pg_try_advisory_xact_lock_shared(${WAKE_UP_LOCK}) THEN
      PERFORM pg_notify('${APPENDED_CHANNEL}', '');
    END IF;
  END IF;
  RETURN drawn;
END $$;
`;

/** For `migrate` of @dbem/postgres, or Kysely's own migrator. */
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
