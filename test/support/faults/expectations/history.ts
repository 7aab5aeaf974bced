import type { Pool } from 'pg';
import { expect } from 'vitest';
import type { AppInstance } from '../../apps/app-instance';
import { waitFor } from '../../waiting/wait-for';
import { allReady } from './readiness';

interface Databases {
  database(service: 'profile' | 'sharing'): Pool;
}

/**
 * Records in sharing's database what was applied, how often and in which order, with triggers that share no code with
 * the product. Placeholders of missing dependencies (versions below 0) do not count as applied.
 */
export async function recordHistory(sharing: Pool): Promise<void> {
  await sharing.query(`
    CREATE TABLE IF NOT EXISTS history (
      place bigserial PRIMARY KEY, entity_id text NOT NULL, version bigint NOT NULL, earlier_version bigint
    );
    CREATE OR REPLACE FUNCTION note_history() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO history (entity_id, version, earlier_version)
      VALUES (NEW.entity_id, NEW.version, CASE WHEN TG_OP = 'UPDATE' THEN OLD.version END);
      RETURN NULL;
    END $$;
    CREATE OR REPLACE TRIGGER note_history AFTER INSERT OR UPDATE ON db_event.replica_version
    FOR EACH ROW WHEN (NEW.version >= 0) EXECUTE FUNCTION note_history();
  `);
}

export interface HistoryFaults {
  /** Versions of an entity that were applied more than once. */
  readonly twice: readonly unknown[];
  /** Updates of an entity to a version that is not newer. */
  readonly backwards: readonly unknown[];
}

export async function historyFaults(sharing: Pool): Promise<HistoryFaults> {
  const twice = await sharing.query('SELECT entity_id, version FROM history GROUP BY 1, 2 HAVING count(*) > 1');
  const backwards = await sharing.query('SELECT * FROM history WHERE version <= earlier_version');
  return { twice: twice.rows, backwards: backwards.rows };
}

const SOURCE = `SELECT user_id || '@' || gateway_id AS id, first_name, last_name FROM profile_user ORDER BY 1`;
const REPLICA = 'SELECT user_id AS id, first_name, last_name FROM sharing_user ORDER BY 1';

/** Waits until sharing's users equal profile's, row for row. */
export async function replicaEqualsSource(system: Databases): Promise<void> {
  await waitFor(
    async () => {
      const [source, replica] = await Promise.all([
        system.database('profile').query(SOURCE),
        system.database('sharing').query(REPLICA),
      ]);
      return source.rows.length > 0 && JSON.stringify(source.rows) === JSON.stringify(replica.rows);
    },
    { timeoutMs: 120_000, what: 'the replica to equal its source' },
  );
}

/**
 * After a fault: all apps are ready, the replica equals its source, and no change was applied twice or out of order.
 */
export async function promisesHold(system: Databases & { readonly instances: readonly AppInstance[] }): Promise<void> {
  await allReady(system);
  await replicaEqualsSource(system);
  expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
}
