import type { RabbitMqBroker } from '@dbem/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCut, expectForwarding } from '../support/faults/expectations/links';
import { expectMembers } from '../support/faults/expectations/members';
import { expectKilled, expectPaused } from '../support/faults/expectations/processes';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import type { Instance } from '../support/faults/system/links';
import { connectedBroker } from '../support/faults/workload/connected-broker';
import { LegacyProjects } from '../support/faults/workload/legacy-projects';

const PROJECTS = 600;

describe('events from a legacy publisher to a legacy service', () => {
  let system: FaultSystem;
  let broker: RabbitMqBroker;

  beforeAll(async () => {
    system = await FaultSystem.prepare({ services: [], asProcesses: ['event-manager'] });
    await system.startApp('event-manager');
    await allReady(system);
    broker = await connectedBroker(system.amqpUrl);
  });

  afterAll(async () => {
    await broker?.stop();
    await system?.stop();
  });

  async function withLegacyService(name: string, test: (projects: LegacyProjects) => Promise<void>): Promise<void> {
    const projects = new LegacyProjects(broker, name);
    await projects.start();
    try {
      await test(projects);
    } finally {
      await projects.stop();
    }
  }

  it.each([1, 2, 4])(
    'Projects that are created and deleted back to back are deleted, with %i managers',
    async (count) => {
      for (let manager = system.instances.length + 1; manager <= count; manager += 1) {
        await system.startApp(`event-manager ${manager}`);
      }
      await allReady(system);
      await expectMembers(system, count);
      await withLegacyService(`old.${count}`, async (projects) => {
        await projects.createAndDelete(PROJECTS);
        expect(await projects.left()).toEqual([]);
        expect(projects.received).toBe(2 * PROJECTS);
      });
    },
  );

  describe('while managers fail', () => {
    const managers: Instance[] = ['event-manager', 'event-manager 2', 'event-manager 3', 'event-manager 4'];

    const cut = (server: 'RabbitMQ' | 'ZooKeeper') => async (manager: Instance) => {
      const link = system.link(manager, server);
      link.cut();
      await expectCut(link);
      return async () => {
        link.restore();
        await expectForwarding(link);
      };
    };

    it.each<{ how: string; fail: (manager: Instance) => Promise<() => Promise<unknown>> }>([
      {
        how: 'killed',
        fail: async (manager) => {
          const process = system.process(manager);
          await process.kill();
          await expectKilled(process);
          return () => system.startApp(manager);
        },
      },
      { how: 'cut off from RabbitMQ', fail: cut('RabbitMQ') },
      { how: 'cut off from ZooKeeper', fail: cut('ZooKeeper') },
      {
        how: 'paused, until RabbitMQ has closed its connections',
        fail: async (manager) => {
          const process = system.process(manager);
          process.pause();
          await expectPaused(process);
          return async () => process.resume();
        },
      },
    ])(
      'Projects that are created and deleted back to back are deleted, though each manager in turn is $how',
      async ({ how, fail }) => {
        await withLegacyService(`old.${how.replaceAll(/[^a-z]/g, '')}`, async (projects) => {
          for (const manager of managers) {
            const writing = projects.createAndDelete(PROJECTS);
            const end = await fail(manager);
            await writing;
            // The others go on meanwhile.
            expect(await projects.left(), manager).toEqual([]);
            await end();
            await projects.createAndDelete(PROJECTS);
          }
          expect(await projects.left()).toEqual([]);
          expect(projects.received).toBeGreaterThanOrEqual(4 * PROJECTS * managers.length);
          await allReady(system);
        });
      },
    );
  });
});
