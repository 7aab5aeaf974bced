import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';
import { allReady, readinessOf } from '../support/faults/readiness';
import { work } from '../support/faults/workload';

const USERS = 120;

describe('a server killed under load', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start({ willKillRabbitMq: true });
    await recordHistory(system.database('sharing'));
  }, 120_000);

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await replicaEqualsSource(system);
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  });

  const rowsOf = async (prefix: string) =>
    (await system.database('sharing').query('SELECT FROM sharing_user WHERE user_id LIKE $1', [`${prefix}%`])).rows
      .length;

  it('RabbitMQ killed and restarted → writes go on meanwhile, nothing is lost', async () => {
    const working = work(system, 'rabbit', USERS);
    await waitFor(async () => (await rowsOf('rabbit')) > 5);
    await system.rabbitMq.kill();
    // Writes need no broker: all of them are done while it is away.
    await working;
    expect((await readinessOf(system.app('profile'))).status).toBe(503);
    await system.rabbitMq.restart();
    await allReady(system);
  });

  it('ZooKeeper killed and restarted → routing goes on from memory', async () => {
    await system.zooKeeper.kill();
    await work(system, 'keeper', USERS);
    await replicaEqualsSource(system);
    expect((await system.admin('PUT', '/subscriptions/a/b', {})).status).toBe(503);
    await system.zooKeeper.restart();
    await waitFor(async () => (await system.admin('PUT', '/subscriptions/a/b', {})).status < 300, {
      timeoutMs: 30_000,
    });
  });

  it('PostgreSQL killed and restarted → what was committed arrives', async () => {
    const working = work(system, 'postgres', USERS);
    await waitFor(async () => (await rowsOf('postgres')) > 5);
    await system.postgres.kill();
    await system.postgres.restart();
    await working;
    await allReady(system);
  });

  it('every app killed at once and restarted, the event manager last → nothing is lost', async () => {
    const working = work(system, 'all', USERS);
    await waitFor(async () => (await rowsOf('all')) > 5);
    await Promise.all([...system.apps.values()].map((app) => app.kill()));
    await system.startApp('sharing');
    await system.startApp('profile');
    await working;
    await system.startApp('event-manager');
    await allReady(system);
  });
});
