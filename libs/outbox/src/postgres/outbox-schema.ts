import type { Migrations } from '@dbem/platform';
import { sql } from 'kysely';

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

/** For `migrate` of the platform library, or Kysely's own migrator. */
export const outboxMigrations: Migrations = {
  '0001_db_event_outbox': {
    async up(db) {
      await sql.raw(OUTBOX_SCHEMA_SQL).execute(db);
    },
  },
};
