import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { promisesHold } from '../support/faults/expectations/history';
import { expectKilled } from '../support/faults/expectations/processes';
import { FaultSystem } from '../support/faults/system/fault-system';
import { Workload, work } from '../support/faults/workload/workload';

const APPS = ['sharing', 'profile', 'event-manager'] as const;

describe('apps that are killed', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start({ asProcesses: APPS });
  });

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await promisesHold(system);
  });

  it.each(['event-manager', 'sharing'] as const)(
    '%s that is killed receives the missed changes after its restart',
    async (app) => {
      await system.process(app).kill();
      await expectKilled(system.process(app));
      await work(system, `without-${app}`, 6);
      await system.startApp(app);
    },
  );

  it('A publisher that is killed between two changes loses nothing', async () => {
    await system.process('profile').kill();
    await expectKilled(system.process('profile'));
    await system.startApp('profile');
    await work(system, 'again', 6);
  });

  it('All apps lose nothing when they are killed at once under load and restarted, the event manager last', async () => {
    const workload = await Workload.start(system, 'all', 60);
    const processes = APPS.map((app) => system.process(app));
    await Promise.all(processes.map((app) => app.kill()));
    for (const app of processes) await expectKilled(app);
    workload.more();
    await system.startApp('sharing');
    await system.startApp('profile');
    await workload.done();
    await system.startApp('event-manager');
  });
});
