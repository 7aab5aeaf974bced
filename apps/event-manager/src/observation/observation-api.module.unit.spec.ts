import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../test/support/manager/in-memory-manager';
import { AccessConfig } from '../access/access.config';
import { AccessModule } from '../access/access.module';
import { IdentityConfig } from '../access/identity/identity.config';
import { ChangesModule } from '../audit/changes/changes.module';
import { BrokerConfig } from '../config/broker.config';
import { ZooKeeperConfig } from '../config/zookeeper.config';
import { ObservationApiModule } from './observation-api.module';
import { TopologyController } from './topology.controller';

it('ObservationApiModule serves the topology of the whole system', async () => {
  const manager = await InMemoryManager.of([ObservationApiModule, AccessModule, ChangesModule], {
    configs: [AccessConfig, BrokerConfig, IdentityConfig, ZooKeeperConfig],
  });
  await manager.registry.put({ publisher: 'profile', subscriber: 'sharing' });
  await manager.start();
  const { edges, services } = manager.get(TopologyController).topology();
  expect(edges).toMatchObject([{ publisher: 'profile', subscriber: 'sharing' }]);
  expect(services.map(({ name }) => name)).toEqual(['profile', 'sharing']);
  await manager.stop();
});
