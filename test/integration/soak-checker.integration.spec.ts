import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Checker } from '../soak/checker/checker';
import { followStates } from '../soak/checker/follow-states';
import { recordStates, recordSteps } from '../soak/history/record-history';
import { RECORDED_TABLES } from '../soak/history/states';
import type { ServiceName } from '../soak/system/instances';
import { type FreshDatabase, freshDatabase } from '../support';

/** The columns that the checker looks at. */
const TABLES: Readonly<Record<ServiceName, string>> = {
  profile: `
    CREATE TABLE profile_user (gateway_id text, user_id text, first_name text, last_name text, emails text[]);
    CREATE TABLE tenant (gateway_id text, gateway_name text, public_abstract text, domain text, email_address text,
      approval_status text);`,
  registry: `
    CREATE TABLE registry_user (gateway_id text, user_id text, first_name text, last_name text, email text);
    CREATE TABLE gateway (gateway_id text, name text, domain text, email_address text, approval_status text);
    CREATE TABLE project (project_id text, gateway_id text, owner text, name text, description text);`,
  sharing: `
    CREATE TABLE sharing_user (domain_id text, user_id text, first_name text, last_name text, email text);
    CREATE TABLE domain (domain_id text, name text, description text);
    CREATE TABLE entity_type (domain_id text);
    CREATE TABLE permission_type (domain_id text);
    CREATE TABLE entity (domain_id text, entity_id text, entity_type_id text, owner_id text, name text,
      description text);`,
};
const REPLICA_VERSION = `
  CREATE SCHEMA db_event;
  CREATE TABLE db_event.replica_version (publisher text, entity_type text, entity_id text, version bigint);`;

describe('the soak’s checker', () => {
  const databases = new Map<ServiceName, FreshDatabase>();
  const pool = (service: ServiceName) => (databases.get(service) as FreshDatabase).pool;
  const checker = new Checker(pool);

  beforeAll(async () => {
    for (const service of ['profile', 'registry', 'sharing'] as const) {
      const database = await freshDatabase();
      databases.set(service, database);
      await database.pool.query(TABLES[service]);
      await recordStates(
        database.pool,
        RECORDED_TABLES.filter((table) => table.database === service),
      );
      if (service === 'profile') continue;
      await database.pool.query(REPLICA_VERSION);
      await recordSteps(database.pool);
    }
  });

  afterAll(async () => {
    for (const database of databases.values()) await database.drop();
  });

  const sourceUser = (id: string, name: string) =>
    pool('profile').query(`INSERT INTO profile_user VALUES ('gw', $1, $2, 'x', '{}')`, [id, name]);
  const replicaUser = async (id: string, name: string) => {
    await pool('sharing').query(`INSERT INTO sharing_user VALUES ('gw', $1, $2, 'x', NULL)`, [`${id}@gw`, name]);
    await pool('registry').query(`INSERT INTO registry_user VALUES ('gw', $1, $2, 'x', NULL)`, [id, name]);
  };
  const rename = async (id: string, name: string) => {
    await pool('sharing').query('UPDATE sharing_user SET first_name = $2 WHERE user_id = $1', [`${id}@gw`, name]);
    await pool('registry').query('UPDATE registry_user SET first_name = $2 WHERE user_id = $1', [id, name]);
  };
  const about = async (id: string) => {
    const findings = [...(await checker.compare()), ...(await checker.checkHistory())];
    return findings.filter(({ entityId }) => entityId.startsWith(id)).map(({ violation, where }) => [violation, where]);
  };
  const atBoth = (violation: string) => [
    [violation, 'user at sharing'],
    [violation, 'user at registry'],
  ];

  it('finds nothing where a replica followed its source, with states left out', async () => {
    await sourceUser('good', 'a');
    for (const name of ['b', 'c', 'd']) {
      await pool('profile').query(`UPDATE profile_user SET first_name = $1 WHERE user_id = 'good'`, [name]);
    }
    await replicaUser('good', 'b');
    await rename('good', 'd');
    expect(await about('good')).toEqual([]);
  });

  it('finds a row that the replica lacks', async () => {
    await sourceUser('lost', 'a');
    expect(await about('lost')).toEqual(atBoth('lost'));
  });

  it('finds a row that the source has deleted', async () => {
    await sourceUser('ghost', 'a');
    await replicaUser('ghost', 'a');
    await pool('profile').query(`DELETE FROM profile_user WHERE user_id = 'ghost'`);
    expect(await about('ghost')).toEqual(atBoth('lost'));
  });

  it('finds a state that the source never had', async () => {
    await sourceUser('phantom', 'a');
    await replicaUser('phantom', 'never');
    await rename('phantom', 'a');
    expect(await about('phantom')).toEqual(atBoth('phantom'));
  });

  it('finds no trace of a source’s transaction that rolled back, and so a phantom in who shows it', async () => {
    const client = await pool('profile').connect();
    await client.query('BEGIN');
    await client.query(`INSERT INTO profile_user VALUES ('gw', 'undone', 'a', 'x', '{}')`);
    await client.query('ROLLBACK');
    client.release();
    await replicaUser('undone', 'a');
    await pool('sharing').query(`DELETE FROM sharing_user WHERE user_id = 'undone@gw'`);
    await pool('registry').query(`DELETE FROM registry_user WHERE user_id = 'undone'`);
    const found = await about('undone');
    expect(found).toContainEqual(['phantom', 'user at sharing']);
    expect(found).toContainEqual(['phantom', 'user at registry']);
  });

  it('finds a step backwards, though the end is right', async () => {
    await sourceUser('back', 'a');
    await pool('profile').query(`UPDATE profile_user SET first_name = 'b' WHERE user_id = 'back'`);
    await replicaUser('back', 'b');
    await rename('back', 'a');
    await pool('profile').query(`UPDATE profile_user SET first_name = 'c' WHERE user_id = 'back'`);
    await rename('back', 'c');
    expect(await about('back')).toEqual(atBoth('backwards'));
  });

  it('finds a change that was applied twice', async () => {
    await sourceUser('twice', 'a');
    await replicaUser('twice', 'a');
    await rename('twice', 'a');
    expect(await about('twice')).toEqual(atBoth('doubled'));
  });

  it('finds a version that was let through twice, and one that is older than one before', async () => {
    await pool('sharing').query(`
      INSERT INTO db_event.replica_version VALUES ('p', 'USER_PROFILE', 'gate-1', 5);
      UPDATE db_event.replica_version SET version = 5 WHERE entity_id = 'gate-1';
      INSERT INTO db_event.replica_version VALUES ('p', 'USER_PROFILE', 'gate-2', 5);
      UPDATE db_event.replica_version SET version = 4 WHERE entity_id = 'gate-2';`);
    expect(await about('gate-1')).toEqual([['doubled', 'p USER_PROFILE at sharing']]);
    expect(await about('gate-2')).toEqual([['backwards', 'p USER_PROFILE at sharing']]);
  });

  it('finds a second default project of a user who came once', async () => {
    await sourceUser('owner', 'a');
    await replicaUser('owner', 'a');
    for (const id of ['p1', 'p2']) {
      await pool('registry').query(`INSERT INTO project VALUES ($1, 'gw', 'owner', 'Default Project', NULL)`, [id]);
      await pool('sharing').query(
        `INSERT INTO entity VALUES ('gw', $1, 'gw:PROJECT', 'owner@gw', 'Default Project', NULL)`,
        [id],
      );
    }
    expect(await about('owner')).toEqual([['doubled', 'default project at registry']]);
  });

  it('finds a domain without its types', async () => {
    await pool('profile').query(`INSERT INTO tenant VALUES ('bare', 'Bare', NULL, NULL, NULL, 'ACTIVE')`);
    await pool('sharing').query(`INSERT INTO domain VALUES ('bare', 'Bare', NULL)`);
    await pool('registry').query(`INSERT INTO gateway VALUES ('bare', 'Bare', NULL, NULL, 'ACTIVE')`);
    expect(await about('bare')).toEqual([['lost', 'types of a domain at sharing']]);
  });

  it('matches an entity that came, went and came again', () => {
    expect(followStates(['a', null, 'b', null, 'c'], ['a', null, 'c'])).toEqual([]);
    expect(followStates(['a', null, 'b'], ['b', null])).toEqual([{ violation: 'backwards', state: null }]);
    expect(followStates(['a', 'b', null], ['a', 'b', null, null])).toEqual([{ violation: 'doubled', state: null }]);
  });
});
