import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { flushQueueRegistrations } from '../support/faults/expectations/broker';
import { promisesHold, replicaEqualsSource } from '../support/faults/expectations/history';
import { expectAccepted, expectRefused } from '../support/faults/expectations/processes';
import { allReady, expectNotReady, readinessOf } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { Workload, work } from '../support/faults/workload/workload';
import { waitFor } from '../support/waiting/wait-for';

const SERVERS = ['RabbitMQ', 'ZooKeeper', 'PostgreSQL'] as const;
const APPS = ['sharing', 'profile', 'event-manager'] as const;

describe('servers that are down', () => {
  let system: FaultSystem<(typeof SERVERS)[number]>;

  beforeAll(async () => {
    system = await FaultSystem.start({ owns: SERVERS });
  });

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await promisesHold(system);
  });

  it('Apps that are started while all their servers are down become ready when the servers are up', async () => {
    for (const app of APPS) await system.stopApp(app);
    await system.server('RabbitMQ').stopGently();
    await system.server('ZooKeeper').stop();
    await system.server('PostgreSQL').stopGently();
    for (const server of SERVERS) await expectRefused(system.server(server).port);
    for (const app of APPS) await system.startApp(app);
    for (const app of APPS) await expectNotReady(system.app(app));
    for (const server of ['PostgreSQL', 'RabbitMQ', 'ZooKeeper'] as const) {
      await system.server(server).restart();
      await expectAccepted(system.server(server).port);
    }
    await allReady(system);
    await work(system, 'late', 6);
  });

  it('Writes continue when RabbitMQ is killed under load, and nothing is lost when it is back', async () => {
    const rabbitMq = system.server('RabbitMQ');
    await flushQueueRegistrations(rabbitMq);
    const workload = await Workload.start(system, 'rabbit', 60);
    await rabbitMq.kill();
    await expectRefused(rabbitMq.port);
    // Writes need no broker: all of them succeed while it is down.
    workload.more();
    await workload.done();
    expect((await readinessOf(system.app('profile'))).status).toBe(503);
    await rabbitMq.restart();
    await expectAccepted(rabbitMq.port);
  });

  it('Routing continues from memory when ZooKeeper is killed, and the map can be changed when it is back', async () => {
    const zooKeeper = system.server('ZooKeeper');
    await zooKeeper.kill();
    await expectRefused(zooKeeper.port);
    await expectNotReady(system.app('event-manager'));
    await work(system, 'zookeeper', 60);
    await replicaEqualsSource(system);
    const subscribe = () => system.admin('PUT', '/subscriptions/a/b', {});
    expect((await subscribe()).status).toBe(503);
    await zooKeeper.restart();
    await expectAccepted(zooKeeper.port);
    await waitFor(async () => (await subscribe()).status < 300, { what: 'the map to be changed' });
  });

  it('Committed changes are not lost when PostgreSQL is killed under load', async () => {
    const postgres = system.server('PostgreSQL');
    const workload = await Workload.start(system, 'postgres', 60);
    await postgres.kill();
    await expectRefused(postgres.port);
    workload.more();
    await expectNotReady(system.app('profile'));
    await postgres.restart();
    await expectAccepted(postgres.port);
    await workload.done();
  });
});
