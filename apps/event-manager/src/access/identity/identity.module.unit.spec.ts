import { SenderCheck } from '@dbem/observation';
import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../../test/support/manager/in-memory-manager';
import { BrokerConfig } from '../../config/broker.config';
import { Identities } from './identities';
import { IdentityConfig } from './identity.config';
import { IdentityModule } from './identity.module';

it('IdentityModule enforces identity according to IDENTITY, and reads the managers’ own user from AMQP_URL', async () => {
  const environment = { IDENTITY: 'enforced', IDENTITY_USERS: 'app=sharing', AMQP_URL: 'amqp://us%40s:x@127.0.0.1' };
  const manager = await InMemoryManager.of([IdentityModule], { configs: [BrokerConfig, IdentityConfig], environment });
  const identities = manager.get(Identities);
  expect(manager.get(SenderCheck)).toBe(identities);
  identities.checkSender('sharing', 'app');
  expect(() => identities.checkSender('registry', 'app')).toThrow('may not publish as "registry"');
  const redriven = { userId: 'us@s', headers: {} };
  expect(identities.publisherOf(redriven)).toBeUndefined();
  await manager.stop();
});
