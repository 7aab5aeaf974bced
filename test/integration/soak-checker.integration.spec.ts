import type { Queryable } from '@dbem/db-event';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Checker } from '../soak/checker/checker';
import { followStates } from '../soak/checker/follow-states';
import { recordStates, recordSteps } from '../soak/history/record-history';
import { RECORDED_TABLES } from '../soak/history/states';
import type { ServiceName } from '../soak/system/instances';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';

const SERVICES = ['profile', 'registry', 'sharing'] as const;

describe('the soak’s checker', () => {
  const databases = new Map<ServiceName, FreshDatabase>();
  const pool = (service: ServiceName) => (databases.get(service) as FreshDatabase).pool;
  const checker = new Checker(pool);

  beforeAll(async () => {
    for (const service of SERVICES) {
      const database = await freshDatabase(service);
      databases.set(service, database);
      await recordStates(
        database.pool,
        RECORDED_TABLES.filter((table) => table.database === service),
      );
      if (service !== 'profile') await recordSteps(database.pool);
    }
  });

  afterAll(async () => {
    for (const database of databases.values()) await database.drop();
  });

  const sourceUser = (id: string, name: string, transaction: Queryable = pool('profile')) =>
    transaction.query(
      `INSERT INTO profile_user (gateway_id, user_id, first_name, last_name, emails, state, created_ms, last_access_ms, valid_until_ms)
       VALUES ('gw', $1, $2, 'x', '{}', 'ACTIVE', 0, 0, 0)`,
      [id, name],
    );
  const replicaUser = async (id: string, name: string) => {
    await pool('sharing').query(`INSERT INTO sharing_user VALUES ('gw', $1, $2, 'x', NULL)`, [`${id}@gw`, name]);
    await pool('registry').query(`INSERT INTO registry_user VALUES ('gw', $1, $2, 'x', NULL)`, [id, name]);
  };
  const rename = async (id: string, name: string) => {
    await pool('sharing').query('UPDATE sharing_user SET first_name = $2 WHERE user_id = $1', [`${id}@gw`, name]);
    await pool('registry').query('UPDATE registry_user SET first_name = $2 WHERE user_id = $1', [id, name]);
  };
  const findingsOf = async (id: string) => {
    const findings = [...(await checker.compare()), ...(await checker.checkHistory())];
    return findings.filter(({ entityId }) => entityId.startsWith(id)).map(({ violation, where }) => [violation, where]);
  };
  const atBoth = (violation: string) => [
    [violation, 'user at sharing'],
    [violation, 'user at registry'],
  ];

  it('The checker reports nothing if a replica followed its source, even if it skipped states', async () => {
    await sourceUser('good', 'a');
    for (const name of ['b', 'c', 'd']) {
      await pool('profile').query(`UPDATE profile_user SET first_name = $1 WHERE user_id = 'good'`, [name]);
    }
    await replicaUser('good', 'b');
    await rename('good', 'd');
    expect(await findingsOf('good')).toEqual([]);
  });

  it('A row that is missing at the replica is reported as lost', async () => {
    await sourceUser('lost', 'a');
    expect(await findingsOf('lost')).toEqual(atBoth('lost'));
  });

  it('A row that only the source has deleted is reported as lost', async () => {
    await sourceUser('orphan', 'a');
    await replicaUser('orphan', 'a');
    await pool('profile').query(`DELETE FROM profile_user WHERE user_id = 'orphan'`);
    expect(await findingsOf('orphan')).toEqual(atBoth('lost'));
  });

  it('A state that the source never had is reported as a phantom', async () => {
    await sourceUser('phantom', 'a');
    await replicaUser('phantom', 'never');
    await rename('phantom', 'a');
    expect(await findingsOf('phantom')).toEqual(atBoth('phantom'));
  });

  it('A row of a transaction that rolled back at the source is reported as a phantom', async () => {
    const client = await pool('profile').connect();
    await client.query('BEGIN');
    await sourceUser('undone', 'a', client);
    await client.query('ROLLBACK');
    client.release();
    await replicaUser('undone', 'a');
    await pool('sharing').query(`DELETE FROM sharing_user WHERE user_id = 'undone@gw'`);
    await pool('registry').query(`DELETE FROM registry_user WHERE user_id = 'undone'`);
    const found = await findingsOf('undone');
    expect(found).toContainEqual(['phantom', 'user at sharing']);
    expect(found).toContainEqual(['phantom', 'user at registry']);
  });

  it('A step backwards is reported even if the replica ends in the right state', async () => {
    await sourceUser('back', 'a');
    await pool('profile').query(`UPDATE profile_user SET first_name = 'b' WHERE user_id = 'back'`);
    await replicaUser('back', 'b');
    await rename('back', 'a');
    await pool('profile').query(`UPDATE profile_user SET first_name = 'c' WHERE user_id = 'back'`);
    await rename('back', 'c');
    expect(await findingsOf('back')).toEqual(atBoth('backwards'));
  });

  it('A change that was applied twice is reported as doubled', async () => {
    await sourceUser('twice', 'a');
    await replicaUser('twice', 'a');
    await rename('twice', 'a');
    expect(await findingsOf('twice')).toEqual(atBoth('doubled'));
  });

  it('A version that passed the gate twice, or after a newer one, is reported', async () => {
    await pool('sharing').query(`
      INSERT INTO db_event.replica_version VALUES ('p', 'USER_PROFILE', 'gate-1', 5, false);
      UPDATE db_event.replica_version SET version = 5 WHERE entity_id = 'gate-1';
      INSERT INTO db_event.replica_version VALUES ('p', 'USER_PROFILE', 'gate-2', 5, false);
      UPDATE db_event.replica_version SET version = 4 WHERE entity_id = 'gate-2';`);
    expect(await findingsOf('gate-1')).toEqual([['doubled', 'p USER_PROFILE at sharing']]);
    expect(await findingsOf('gate-2')).toEqual([['backwards', 'p USER_PROFILE at sharing']]);
  });

  it('A second default project of a user who was created once is reported as doubled', async () => {
    await sourceUser('owner', 'a');
    await replicaUser('owner', 'a');
    for (const id of ['p1', 'p2']) {
      await pool('registry').query(`INSERT INTO project VALUES ($1, 'gw', 'owner', 'Default Project', NULL, 0)`, [id]);
      await pool('sharing').query(
        `INSERT INTO entity VALUES ('gw', $1, 'gw:PROJECT', 'owner@gw', 'Default Project', NULL)`,
        [id],
      );
    }
    expect(await findingsOf('owner')).toEqual([['doubled', 'default project at registry']]);
  });

  it('A domain without its types is reported as lost', async () => {
    await pool('profile').query(
      `INSERT INTO tenant (gateway_id, gateway_name, approval_status, requested_ms) VALUES ('bare', 'Bare', 'ACTIVE', 0)`,
    );
    await pool('sharing').query(`INSERT INTO domain VALUES ('bare', 'Bare', NULL)`);
    await pool('registry').query(`INSERT INTO gateway VALUES ('bare', 'Bare', NULL, NULL, 'ACTIVE')`);
    expect(await findingsOf('bare')).toEqual([['lost', 'types of a domain at sharing']]);
  });

  it('States of an entity that was created, deleted and created again are matched correctly', () => {
    expect(followStates(['a', null, 'b', null, 'c'], ['a', null, 'c'])).toEqual([]);
    expect(followStates(['a', null, 'b'], ['b', null])).toEqual([{ violation: 'backwards', state: null }]);
    expect(followStates(['a', 'b', null], ['a', 'b', null, null])).toEqual([{ violation: 'doubled', state: null }]);
  });
});
