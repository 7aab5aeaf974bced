import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import type { AppName } from '../../tools/apps/app-process';
import { promisesHold } from '../support/faults/expectations/history';
import { expectCut, expectForwarding, expectSilenced } from '../support/faults/expectations/links';
import { expectNotReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import type { ServerName } from '../support/faults/system/own-servers';
import { Workload } from '../support/faults/workload/workload';

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
    '%s whose network to %s is cut under load is not ready meanwhile, and loses nothing',
    async (app, server) => {
      const workload = await Workload.start(system, `cut-${app}-${server}`);
      const link = system.link(app, server);
      link.cut();
      await expectCut(link);
      workload.more();
      await expectNotReady(system.app(app));
      link.restore();
      await expectForwarding(link);
      await workload.done();
    },
  );

  it.each(LINKS)('%s whose network to %s drops all packets under load loses nothing', async (app, server) => {
    const workload = await Workload.start(system, `stalled-${app}-${server}`);
    const link = system.link(app, server);
    link.silence();
    workload.more();
    await expectSilenced(link);
    link.restore();
    await expectForwarding(link);
    await workload.done();
  });
});
