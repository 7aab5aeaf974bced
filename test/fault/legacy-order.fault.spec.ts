import type { Topology } from '@dbem/observation';
import { type RabbitMqBroker, serviceQueueOf } from '@dbem/transport';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCut, expectForwarding } from '../support/faults/expectations/links';
import { expectMembers } from '../support/faults/expectations/members';
import { expectKilled, expectPaused } from '../support/faults/expectations/processes';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import type { Instance } from '../support/faults/system/links';
import { connectedBroker } from '../support/faults/workload/connected-broker';
import { LegacyProjects } from '../support/faults/workload/legacy-projects';
import { waitFor } from '../support/waiting/wait-for';

const PROJECTS = 600;

/** The length of a queue that is often full. */
const FEW = 20;

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
    await projects.subscribe();
    projects.consume();
    try {
      await test(projects);
    } finally {
      await projects.stop();
    }
  }

  it('Projects that are created and deleted back to back are deleted, though their manager is killed before it acknowledges what it moved', async () => {
    await withLegacyService('old.crash', async (projects) => {
      const doomed = await system.startWithCrashAt('event-manager', 'lane.moved:5');
      const writing = projects.createAndDelete(PROJECTS);
      await expectKilled(doomed);
      await system.startApp('event-manager');
      await writing;
      expect(await projects.left()).toEqual([]);
      expect(projects.received).toBeGreaterThan(2 * PROJECTS);
    });
  });

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

  it.each(['classic', 'quorum'])(
    'Projects that are created and deleted back to back are deleted, though the %s queue is full again and again',
    async (kind) => {
      const name = `old.full.${kind}`;
      const connection = await connect(system.amqpUrl);
      const channel = await connection.createChannel();
      const limit = { 'x-queue-type': kind, 'x-max-length': FEW, 'x-overflow': 'reject-publish' };
      await channel.assertQueue(serviceQueueOf(name), { durable: true, arguments: limit });
      await connection.close();
      const projects = new LegacyProjects(broker, name);
      await projects.subscribe();
      try {
        await projects.createAndDelete(FEW * 5);
        const refusing = async () => {
          const { body } = await system.admin<Topology>('GET', '/topology');
          return body.troubles.some(({ queue }) => queue === serviceQueueOf(name));
        };
        await waitFor(refusing, { what: 'the full queue to be a trouble' });
        projects.consume();
        expect(await projects.left()).toEqual([]);
        await waitFor(async () => !(await refusing()), { what: 'the trouble to end' });
      } finally {
        await projects.stop();
      }
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
