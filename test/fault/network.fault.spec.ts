import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import type { AppName } from '../../tools/apps/app-process';
import { FaultSystem } from '../support/faults/fault-system';
import { promisesHold } from '../support/faults/history';
import { expectCut, expectPassing, expectSilent } from '../support/faults/link-faults';
import type { ServerName } from '../support/faults/own-servers';
import { expectNotReady } from '../support/faults/readiness';
import { Workload } from '../support/faults/workload';

describe('the network between an app and a server', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start();
  });

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await promisesHold(system);
  });

  const LINKS: [AppName, ServerName][] = [
    ['profile', 'RabbitMQ'],
    ['profile', 'PostgreSQL'],
    ['event-manager', 'RabbitMQ'],
    ['event-manager', 'ZooKeeper'],
    ['sharing', 'RabbitMQ'],
    ['sharing', 'PostgreSQL'],
  ];

  it.each(LINKS)(
    '%s whose network to %s is cut under load is not ready meanwhile, and nothing is lost',
    async (app, server) => {
      const workload = await Workload.start(system, `cut-${app}-${server}`);
      const link = system.link(app, server);
      link.cut();
      await expectCut(link);
      workload.more();
      await expectNotReady(system.app(app));
      link.restore();
      await expectPassing(link);
      await workload.done();
    },
  );

  it.each(LINKS)('%s whose network to %s swallows everything under load loses nothing', async (app, server) => {
    const workload = await Workload.start(system, `stalled-${app}-${server}`);
    const link = system.link(app, server);
    link.silence();
    workload.more();
    await expectSilent(link);
    link.restore();
    await expectPassing(link);
    await workload.done();
  });
});
