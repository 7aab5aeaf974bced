import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replicaEqualsSource } from '../support/faults/expectations/history';
import { expectKilled } from '../support/faults/expectations/processes';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const USERS = 40;

interface Run {
  readonly id: string;
  readonly entityType: string;
  readonly state: string;
  readonly isEqual?: boolean;
}

describe('a backfill of projects before their owners', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start({ services: ['profile', 'sharing', 'registry'], asProcesses: ['sharing'] });
  });

  afterAll(async () => {
    await system?.stop();
  });

  const rows = async (app: 'sharing' | 'registry', sql: string) => (await system.database(app).query(sql)).rows;
  const deferredCount = async () => (await rows('sharing', 'SELECT FROM db_event.deferred_event')).length;
  const projects = async (app: 'sharing' | 'registry') => {
    const source = "SELECT project_id AS id, owner || '@' || gateway_id AS owner FROM project ORDER BY 1";
    const replica = 'SELECT entity_id AS id, owner_id AS owner FROM entity ORDER BY 1';
    return JSON.stringify(await rows(app, app === 'registry' ? source : replica));
  };
  const areProjectsEqual = async () => (await projects('registry')) === (await projects('sharing'));
  const runs = async () => (await system.admin('GET', '/reconcile')).body.items as Run[];

  const start = async (publisher: string, entityType: string) => {
    const body = { publisher, subscriber: 'sharing', entityType, kind: 'backfill', verifyAfterMs: 1_000 };
    const started = await system.admin('POST', '/reconcile', body);
    expect([started.status, started.body]).toEqual([202, expect.anything()]);
    return (started.body as unknown as Run).id;
  };
  const untilDone = (id: string) =>
    waitFor(
      async () => {
        const { body } = await system.admin<Run>('GET', `/reconcile/${id}`);
        return body.state === 'done' && body;
      },
      { timeoutMs: 180_000, what: `run ${id} to be done` },
    );

  it('A backfill defers each project until its owner is applied, even after a crash, and no handler receives a project before its owner', async () => {
    for (let index = 0; index < USERS; index += 1) {
      const body = { userId: `u${index}`, gatewayId: 'gw', firstName: 'a', lastName: 'b', emails: [] };
      expect((await request('POST', `${system.app('profile').url}/users`, { body })).status).toBe(201);
    }
    await waitFor(async () => (await rows('registry', 'SELECT FROM project')).length === USERS, {
      timeoutMs: 120_000,
      what: 'each user to have a project',
    });
    await waitFor(areProjectsEqual, { timeoutMs: 120_000, what: 'the projects to arrive at sharing' });
    await waitFor(async () => (await runs()).every(({ state }) => state === 'done'), {
      timeoutMs: 120_000,
      what: 'the first backfills to be done',
    });

    // As if sharing started for the first time.
    const sharing = system.database('sharing');
    await sharing.query('DELETE FROM sharing_user; DELETE FROM entity; DELETE FROM db_event.replica_version');
    await sharing.query(`
      CREATE TABLE early (entity_id text NOT NULL);
      CREATE FUNCTION note_early() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (SELECT FROM sharing_user WHERE user_id = NEW.owner_id) THEN
          INSERT INTO early VALUES (NEW.entity_id);
        END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER note_early AFTER INSERT ON entity FOR EACH ROW EXECUTE FUNCTION note_early();`);

    const projectRun = await start('registry', 'PROJECT');
    await waitFor(async () => (await deferredCount()) === USERS, {
      timeoutMs: 120_000,
      what: 'all projects to be deferred',
    });
    expect(await rows('sharing', 'SELECT FROM entity')).toEqual([]);

    await system.process('sharing').kill();
    await expectKilled(system.process('sharing'));
    expect(await deferredCount()).toBe(USERS);
    await system.startApp('sharing');
    await allReady(system);
    const userRun = await start('user.profile', 'USER_PROFILE');
    expect(await untilDone(userRun)).toMatchObject({ isEqual: true });
    expect(await untilDone(projectRun)).toMatchObject({ isEqual: true });
    expect(await deferredCount()).toBe(0);
    expect(await areProjectsEqual()).toBe(true);
    expect(await rows('sharing', 'SELECT * FROM early')).toEqual([]);
    await replicaEqualsSource(system);
  });
});
