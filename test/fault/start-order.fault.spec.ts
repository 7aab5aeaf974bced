import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import type { AppName } from '../../tools/apps/app-process';
import { waitFor } from '../support';
import { FaultServers, type ServerName } from '../support/faults/fault-servers';
import { FaultSystem } from '../support/faults/fault-system';
import { replicaEqualsSource } from '../support/faults/history';
import { allReady } from '../support/faults/readiness';
import { work } from '../support/faults/workload';

const USERS = 6;

const APP_ORDERS: AppName[][] = [
  ['event-manager', 'profile', 'sharing'],
  ['event-manager', 'sharing', 'profile'],
  ['profile', 'event-manager', 'sharing'],
  ['profile', 'sharing', 'event-manager'],
  ['sharing', 'event-manager', 'profile'],
  ['sharing', 'profile', 'event-manager'],
];

const LATE_SERVERS: ServerName[][] = [
  ['ZooKeeper'],
  ['PostgreSQL'],
  ['RabbitMQ'],
  ['PostgreSQL', 'RabbitMQ', 'ZooKeeper'],
];

describe('the order of the very first start', () => {
  let servers: FaultServers;
  let system: FaultSystem;

  beforeAll(async () => {
    servers = await FaultServers.start();
  }, 120_000);

  afterAll(async () => {
    await servers?.stop();
  });

  beforeEach(async () => {
    // Nothing has ever run in it: no schema, no queue, no node.
    system = await FaultSystem.on(servers);
  });

  afterEach(async () => {
    await system?.stop();
  });

  /** Resolves when the process answers at all, ready or not. */
  const isUp = (app: AppName) =>
    waitFor(
      () =>
        fetch(`${system.app(app).url}/health/live`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeoutMs: 60_000, what: `${app} to be up` },
    );

  it.each(APP_ORDERS)('started in the order %s, %s, %s → all become ready, and changes arrive', async (...order) => {
    for (const app of order) {
      await system.startApp(app);
      await isUp(app);
    }
    await allReady(system);
    await work(system, 'first', USERS);
    await replicaEqualsSource(system);
  });

  it.each(LATE_SERVERS.map((late) => [late.join(', then '), late] as const))(
    'apps started with %s coming later → all become ready, and changes arrive',
    async (_names, late) => {
      for (const server of late) await servers.takeAway(server);
      try {
        const apps = ['sharing', 'profile', 'event-manager'] as const;
        await Promise.all(apps.map((app) => system.startApp(app)));
        for (const app of apps) await isUp(app);
      } finally {
        for (const server of late) await servers.restart(server);
      }
      await allReady(system);
      await work(system, 'late', USERS);
      await replicaEqualsSource(system);
    },
  );

  it('each app restarted, and changed while another is missing → changes arrive when it is back', async () => {
    await Promise.all((['event-manager', 'profile', 'sharing'] as const).map((app) => system.startApp(app)));
    await allReady(system);
    for (const missing of ['event-manager', 'sharing'] as const) {
      await system.app(missing).kill();
      await work(system, `without-${missing}`, USERS);
      await system.startApp(missing);
      await replicaEqualsSource(system);
    }
    await system.restartApp('profile');
    await work(system, 'again', USERS);
    await replicaEqualsSource(system);
  });
});
