import type { Migrations } from '@dbem/postgres';
import { sql } from 'kysely';

/** One row with the time at which any instance appended the last heartbeat. */
const OBSERVATION_SQL = `
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
