import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppName } from '../../tools/apps/app-process';
import { waitFor } from '../support';
import type { ServerName } from '../support/faults/fault-servers';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';
import { allReady, noticed } from '../support/faults/readiness';
import { work } from '../support/faults/workload';

const USERS = 40;

describe('the network between two', () => {
  let system: FaultSystem;
  let cases = 0;

  beforeAll(async () => {
    system = await FaultSystem.start();
    await recordHistory(system.database('sharing'));
  }, 120_000);

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await replicaEqualsSource(system);
    await allReady(system);
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  });

  const LINKS: [AppName, ServerName][] = [
    ['profile', 'RabbitMQ'],
    ['profile', 'PostgreSQL'],
    ['event-manager', 'RabbitMQ'],
    ['event-manager', 'ZooKeeper'],
    ['sharing', 'RabbitMQ'],
    ['sharing', 'PostgreSQL'],
  ];

  it.each(LINKS)('network cut between %s and %s under load → nothing is lost', async (app, server) => {
    cases += 1;
    const working = work(system, `net-${cases}`, USERS);
    system.link(app, server).cut();
    try {
      await noticed(system.app(app));
    } finally {
      system.link(app, server).restore();
    }
    await working;
  });

  it.each(LINKS)('network stalled between %s and %s under load → nothing is lost', async (app, server) => {
    cases += 1;
    const working = work(system, `net-${cases}`, USERS);
    const link = system.link(app, server);
    link.silence();
    try {
      await waitFor(() => link.swallowedBytes > 0, { timeoutMs: 30_000, what: 'something to get lost in the stall' });
    } finally {
      link.restore();
    }
    await working;
  });
});
