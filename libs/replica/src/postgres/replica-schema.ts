import type { Migrations } from '@dbem/postgres';
import { sql } from 'kysely';
import { ARRIVAL_NUMBER_SCHEMA_SQL, ARRIVAL_SCHEMA_SQL } from './arrival-schema';
import { DEFERRED_EVENTS_SCHEMA_SQL } from './deferred-events-schema';
import { RECONCILE_SCHEMA_SQL } from './reconcile-schema';
import { SWEEP_SCHEMA_SQL } from './sweep-schema';

/**
 * The applied versions: one row per entity, which is a tombstone if the entity was deleted. `follows_delete`: the last
 * change came after a delete. The fill factor leaves space for HOT updates.
 */
const FIRST_SCHEMA_SQL = `
CREATE SCHEMA IF NOT EXISTS db_event;

CREATE TABLE db_event.replica_version (
  publisher text NOT NULL,
  entity_type text NOT NULL,
  entity_id text NOT NULL,
  version bigint NOT NULL,
  deleted boolean NOT NULL,
  follows_delete boolean NOT NULL DEFAULT false,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (publisher, entity_type, entity_id)
) WITH (fillfactor = 80);
`;

/** The whole schema, for a new database. */
export const REPLICA_SCHEMA_SQL = [
  FIRST_SCHEMA_SQL,
  ARRIVAL_SCHEMA_SQL,
  DEFERRED_EVENTS_SCHEMA_SQL,
  RECONCILE_SCHEMA_SQL,
  SWEEP_SCHEMA_SQL,
  ARRIVAL_NUMBER_SCHEMA_SQL,
].join('');

/** For `migrate` of `@dbem/postgres`, or Kysely's migrator. */
export const replicaMigrations: Migrations = {
  '0001_db_event_replica': {
    async up(db) {
      await sql.raw(FIRST_SCHEMA_SQL).execute(db);
    },
  },
  '0002_db_event_replica_arrival': {
    async up(db) {
      await sql.raw(ARRIVAL_SCHEMA_SQL).execute(db);
    },
  },
  '0003_db_event_replica_deferred_events': {
    async up(db) {
      await sql.raw(DEFERRED_EVENTS_SCHEMA_SQL).execute(db);
    },
  },
  '0004_db_event_replica_reconcile': {
    async up(db) {
      await sql.raw(RECONCILE_SCHEMA_SQL).execute(db);
    },
  },
  '0005_db_event_replica_sweep': {
    async up(db) {
      await sql.raw(SWEEP_SCHEMA_SQL).execute(db);
    },
  },
  '0006_db_event_replica_arrival_number': {
    async up(db) {
      await sql.raw(ARRIVAL_NUMBER_SCHEMA_SQL).execute(db);
    },
  },
};
