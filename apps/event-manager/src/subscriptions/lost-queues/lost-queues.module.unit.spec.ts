import { RunStore } from '@dbem/reconcile';
import { serviceQueueOf } from '@dbem/transport';
import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../../test/support/waiting/wait-for';
import { ZooKeeperConfig } from '../../config/zookeeper.config';
import { MissingQueues } from '../../forwarding/missing-queues';
import { LostQueuesModule } from './lost-queues.module';

it('LostQueuesModule repairs every subscription of a service whose queue was missing, but no legacy one', async () => {
  const manager = await InMemoryManager.of([LostQueuesModule], { configs: [ZooKeeperConfig] });
  const { broker, registry } = manager;
  await registry.put({
    publisher: 'profile',
    subscriber: 'sharing',
    entityTypes: ['TENANT', 'GROUP'],
    messageFormat: 1,
  });
  await registry.put({ publisher: 'registry', subscriber: 'sharing', entityTypes: ['PROJECT'], messageFormat: 1 });
  await registry.put({ publisher: 'legacy', subscriber: 'sharing', entityTypes: ['PROJECT'] });
  await registry.put({ publisher: 'profile', subscriber: 'other', entityTypes: ['TENANT'], messageFormat: 1 });
  await manager.start();
  expect(await manager.get(MissingQueues).declare('sharing', new AbortController().signal)).toBe(true);
  expect(await broker.topology.inspectQueue(serviceQueueOf('sharing'))).toBeDefined();
  await waitFor(async () => (await manager.get(RunStore).list()).length === 3);
  const runs = await manager.get(RunStore).list();
  expect(
    runs.map(({ publisher, subscriber, entityType }) => `${publisher} ${subscriber} ${entityType}`).sort(),
  ).toEqual(['profile sharing GROUP', 'profile sharing TENANT', 'registry sharing PROJECT']);
  expect(runs.every(({ kind, requestedBy }) => kind === 'repair' && requestedBy === 'lost queue')).toBe(true);
  await manager.stop();
});
