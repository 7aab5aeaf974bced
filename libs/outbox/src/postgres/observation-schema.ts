import type { Migrations } from '@dbem/platform';
import { sql } from 'kysely';

/**
 * `trace_context`: W3C's headers, of a change made in a traced request. `last_heartbeat`: one row that says when the last
 * heartbeat was appended, by whichever instance.
 */
const OBSERVATION_SQL = `
ALTER TABLE db_event.outbox
  ADD COLUMN trace_context jsonb,
  ADD COLUMN is_heartbeat boolean NOT NULL DEFAULT false;

CREATE TABLE db_event.last_heartbeat (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  appended_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO db_event.last_heartbeat DEFAULT VALUES;
`;

export const observationMigrations: Migrations = {
  '0026_db_event_outbox_observation': {
    async up(db) {
      await sql.raw(OBSERVATION_SQL).execute(db);
    },
  },
};
