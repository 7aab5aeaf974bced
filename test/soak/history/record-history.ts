import type { Pool } from 'pg';
import type { RecordedTable } from './states';

const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS soak;
  CREATE TABLE IF NOT EXISTS soak.state (
    place bigserial PRIMARY KEY, kind text NOT NULL, entity_id text NOT NULL, state jsonb,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE INDEX IF NOT EXISTS state_of_entity ON soak.state (kind, entity_id, place);
  CREATE TABLE IF NOT EXISTS soak.step (
    place bigserial PRIMARY KEY, publisher text NOT NULL, entity_type text NOT NULL, entity_id text NOT NULL,
    version bigint NOT NULL
  );`;

/**
 * Records every state of the rows in these tables (null: deleted) with triggers, so in the same transactions. States of
 * an entity are in commit order, because its row is locked from the trigger to the commit.
 */
export async function recordStates(database: Pool, tables: readonly RecordedTable[]): Promise<void> {
  await database.query(SCHEMA);
  for (const [index, { kind, table, id, state }] of tables.entries()) {
    await database.query(`
      CREATE OR REPLACE FUNCTION soak.note_state_${table}_${index}() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        r ${table};
      BEGIN
        IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;
        INSERT INTO soak.state (kind, entity_id, state)
        VALUES ('${kind}', ${id}, CASE WHEN TG_OP <> 'DELETE' THEN ${state} END);
        RETURN NULL;
      END $$;
      CREATE OR REPLACE TRIGGER note_state_${index} AFTER INSERT OR UPDATE OR DELETE ON ${table}
      FOR EACH ROW EXECUTE FUNCTION soak.note_state_${table}_${index}();`);
  }
}

/**
 * Records each version that the replica's version gate accepts; versions below 0 are placeholders of missing
 * dependencies.
 */
export async function recordSteps(replica: Pool): Promise<void> {
  await replica.query(SCHEMA);
  await replica.query(`
    CREATE OR REPLACE FUNCTION soak.note_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO soak.step (publisher, entity_type, entity_id, version)
      VALUES (NEW.publisher, NEW.entity_type, NEW.entity_id, NEW.version);
      RETURN NULL;
    END $$;
    CREATE OR REPLACE TRIGGER note_step AFTER INSERT OR UPDATE OF version ON db_event.replica_version
    FOR EACH ROW WHEN (NEW.version >= 0) EXECUTE FUNCTION soak.note_step();`);
}
