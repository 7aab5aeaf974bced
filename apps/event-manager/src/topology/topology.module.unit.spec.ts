import { serviceQueueOf } from '@dbem/transport';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { TopologyModule } from './topology.module';

it('TopologyModule declares the queue of a new subscriber and exposes its metrics', async () => {
  const manager = await (await InMemoryManager.of([TopologyModule])).start();
  await manager.registry.put({ publisher: 'profile', subscriber: 'sharing' });
  await waitFor(async () => (await manager.broker.topology.inspectQueue(serviceQueueOf('sharing'))) !== undefined);
  const metrics = await manager.get(Registry).metrics();
  expect(metrics).toContain('dbem_queue_messages{queue="sharing.queue",kind="service"} 0');
  await manager.stop();
});
