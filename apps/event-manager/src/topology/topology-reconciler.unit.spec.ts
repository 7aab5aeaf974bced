import { SILENT_LOG } from '@dbem/runtime';
import { InMemorySubscriptionRegistry } from '@dbem/subscription-registry';
import { InMemoryBroker, serviceQueueOf } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { ConsumerRegistrations } from './consumer-registrations';
import { ServiceQueues } from './service-queues';
import { TopologyReconciler } from './topology-reconciler';

describe('TopologyReconciler', () => {
  const services = Array.from({ length: 20 }, (_value, index) => `service-${index}`);
  let broker: InMemoryBroker;
  let registry: InMemorySubscriptionRegistry;
  let reconciler: TopologyReconciler;

  beforeEach(async () => {
    broker = new InMemoryBroker();
    registry = new InMemorySubscriptionRegistry();
    await broker.start();
    await registry.start();
    for (const subscriber of services) await registry.put({ publisher: 'profile', subscriber });
    const queues = new ServiceQueues(broker, registry, SILENT_LOG);
    reconciler = new TopologyReconciler(broker, registry, queues, new ConsumerRegistrations(), SILENT_LOG);
  });

  afterEach(async () => {
    await reconciler.stop();
    await registry.stop();
    await broker.stop();
  });

  const isDeclared = async (queue: string) => (await broker.topology.inspectQueue(queue)) !== undefined;

  it('The topology reconciler declares the queue of each subscriber', async () => {
    await reconciler.start();
    for (const service of services) await waitFor(() => isDeclared(serviceQueueOf(service)));
  });

  it('The topology reconciler can be stopped while it declares many queues', async () => {
    const declare = vi.spyOn(broker.topology, 'declareQueue');
    let stopped: Promise<void> | undefined;
    declare.mockImplementation(async ({ name }) => {
      if (name === serviceQueueOf('service-1')) stopped = reconciler.stop();
    });
    await reconciler.start();
    await waitFor(() => stopped !== undefined);
    await stopped;
    const declared = declare.mock.calls
      .map(([{ name }]) => name)
      .filter((name) => services.map(serviceQueueOf).includes(name));
    expect(declared.length).toBeLessThan(services.length);
    expect(declared).toContain(serviceQueueOf('service-1'));
  });
});
