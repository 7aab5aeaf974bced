import { declareServiceTopology, serviceQueueOf } from '@dbem/transport';
import { expect, it } from 'vitest';
import { InMemoryManager, OBSERVATION } from '../../../../../test/support/manager/in-memory-manager';
import { waitFor } from '../../../../../test/support/waiting/wait-for';
import { IdentityConfig } from '../../access/identity/identity.config';
import { BrokerConfig } from '../../config/broker.config';
import { IntakeConfig } from '../../intake/intake.config';
import { ExpiryConfig } from './expiry.config';
import { ExpiryModule } from './expiry.module';

it('ExpiryModule expires the subscriptions of a service whose queue exceeds BACKLOG_MAX_EVENTS', async () => {
  const manager = await InMemoryManager.of([ExpiryModule, OBSERVATION], {
    configs: [BrokerConfig, IdentityConfig, IntakeConfig, ExpiryConfig],
    environment: { BACKLOG_MAX_EVENTS: '2' },
  });
  const { broker, registry } = manager;
  for (const subscriber of ['sharing', 'registry']) {
    await registry.put({ publisher: 'profile', subscriber });
    await declareServiceTopology(broker.topology, subscriber, 'quorum');
  }
  const routingKey = serviceQueueOf('sharing');
  for (let count = 1; count <= 3; count += 1) await broker.publish({ exchange: '', routingKey, body: Buffer.alloc(1) });
  await manager.start();
  await waitFor(() => registry.map.get('profile', 'sharing')?.expiry?.state === 'dropped');
  expect(registry.map.get('profile', 'registry')?.expiry).toBeUndefined();
  await manager.stop();
});
