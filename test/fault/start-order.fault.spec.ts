import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppName } from '../../tools/apps/app-process';
import { replicaEqualsSource } from '../support/faults/expectations/history';
import { expectAccepted, expectRefused } from '../support/faults/expectations/processes';
import { allReady, expectNotReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import type { ServerName } from '../support/faults/system/own-servers';
import { work } from '../support/faults/workload/workload';
import { request } from '../support/http/http';

const USERS = 6;

const APP_ORDERS: AppName[][] = [
  ['event-manager', 'profile', 'sharing'],
  ['event-manager', 'sharing', 'profile'],
  ['profile', 'event-manager', 'sharing'],
  ['profile', 'sharing', 'event-manager'],
  ['sharing', 'event-manager', 'profile'],
  ['sharing', 'profile', 'event-manager'],
];

const APPS = ['sharing', 'profile', 'event-manager'] as const;

const LATE_SERVERS: ServerName[][] = [
  ['ZooKeeper'],
  ['PostgreSQL'],
  ['RabbitMQ'],
  ['PostgreSQL', 'RabbitMQ', 'ZooKeeper'],
];

const USERS_OF: Readonly<Record<ServerName, readonly AppName[]>> = {
  ZooKeeper: ['event-manager'],
  PostgreSQL: ['profile', 'sharing'],
  RabbitMQ: APPS,
};

describe('the order of the first start', () => {
  let system: FaultSystem;

  beforeEach(async () => {
    // Empty servers: no schema, no queue, no node.
    system = await FaultSystem.prepare({ isEmpty: true });
  });

  afterEach(async () => {
    await system?.stop();
  });

  /** Starts the app until it responds, ready or not. */
  async function startUp(app: AppName): Promise<void> {
    const { url } = await system.startApp(app);
    expect((await request('GET', `${url}/health/live`)).status).toBe(200);
  }

  async function expectReplication(): Promise<void> {
    await allReady(system);
    await work(system, 'first', USERS);
    await replicaEqualsSource(system);
  }

  it.each(APP_ORDERS)(
    '%s, %s and %s become ready when they are first started in this order, and changes are replicated',
    async (...order) => {
      for (const app of order) await startUp(app);
      await expectReplication();
    },
  );

  it.each(LATE_SERVERS.map((servers) => [servers.join(', '), servers] as const))(
    'Apps that are first started before %s become ready when it is up, and changes are replicated',
    async (_names, servers) => {
      const linksTo = (server: ServerName) => USERS_OF[server].map((app) => system.link(app, server));
      for (const link of servers.flatMap(linksTo)) {
        await link.close();
        await expectRefused(link.port);
      }
      for (const app of APPS) await startUp(app);
      for (const app of servers.flatMap((server) => USERS_OF[server])) await expectNotReady(system.app(app));
      for (const link of servers.flatMap(linksTo)) {
        await link.listen();
        await expectAccepted(link.port);
      }
      await expectReplication();
    },
  );
});
