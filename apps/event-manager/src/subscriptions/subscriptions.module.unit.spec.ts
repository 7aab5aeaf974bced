import { encodeSubscriptionRequest } from '@dbem/entity-codec';
import { CONTROL_QUEUE, serviceQueueOf } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InMemoryManager, OBSERVATION } from '../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../test/support/waiting/wait-for';
import { IdentityConfig } from '../access/identity/identity.config';
import { BrokerConfig } from '../config/broker.config';
import { ZooKeeperConfig } from '../config/zookeeper.config';
import { IntakeConfig } from '../intake/intake.config';
import { ConsumerRegistrations } from '../topology/consumer-registrations';
import { SubscriptionDeliveries } from './subscription-deliveries';
import { SubscriptionsModule } from './subscriptions.module';

describe('SubscriptionsModule', () => {
  let manager: InMemoryManager;

  beforeEach(async () => {
    manager = await InMemoryManager.of([SubscriptionsModule, OBSERVATION], {
      configs: [BrokerConfig, IdentityConfig, IntakeConfig, ZooKeeperConfig],
    });
    await manager.start();
    await waitFor(() => manager.get(ConsumerRegistrations).areComplete);
  });

  afterEach(async () => {
    await manager.stop();
  });

  it('SubscriptionsModule executes a subscribe request from the control queue and pauses the subscription', async () => {
    const subscription = { publisher: 'registry', subscriber: 'sharing' };
    const body = encodeSubscriptionRequest({ action: 'SUBSCRIBE', declareQueue: true, ...subscription });
    await manager.broker.publish({ exchange: '', routingKey: CONTROL_QUEUE, body });
    await waitFor(() => manager.registry.map.get('registry', 'sharing') !== undefined);
    expect(await manager.broker.topology.inspectQueue(serviceQueueOf('sharing'))).toBeDefined();
    const paused = await manager.get(SubscriptionDeliveries).pause('registry', 'sharing', 'ada');
    expect(paused.pauses).toMatchObject([{ by: 'ada' }]);
  });
});
