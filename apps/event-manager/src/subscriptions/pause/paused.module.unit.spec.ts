import { declarePausedQueue, declareServiceTopology, pausedQueueOf, serviceQueueOf } from '@dbem/transport';
import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../../test/support/waiting/wait-for';
import { PausedModule } from './paused.module';

it('PausedModule moves the waiting events of a resumed subscription to the service’s queue', async () => {
  const manager = await InMemoryManager.of([PausedModule]);
  const { broker, registry } = manager;
  await registry.put({ publisher: 'profile', subscriber: 'sharing' });
  await declareServiceTopology(broker.topology, 'sharing', 'quorum');
  await declarePausedQueue(broker.topology, 'profile', 'sharing');
  await broker.publish({ exchange: '', routingKey: pausedQueueOf('profile', 'sharing'), body: Buffer.from('late') });
  await registry.update('profile', 'sharing', (present) => ({ ...present, delivery: 'resuming' }));
  await manager.start();
  await waitFor(async () => (await manager.waitingIn(serviceQueueOf('sharing'))) === 1);
  expect(await manager.waitingIn(pausedQueueOf('profile', 'sharing'))).toBe(0);
  await manager.stop();
});
