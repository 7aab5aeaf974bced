import { expect, it } from 'vitest';
import { InMemoryManager, OBSERVATION } from '../../../../test/support/manager/in-memory-manager';
import { ZooKeeperConfig } from '../config/zookeeper.config';
import { ClusterController } from './cluster.controller';
import { ClusterModule } from './cluster.module';

it('ClusterModule reports the managers, the broker, and each ZooKeeper server that ZOOKEEPER_CONNECT names', async () => {
  const environment = { ZOOKEEPER_CONNECT: '127.0.0.1:1,127.0.0.1:2/chroot' };
  const manager = await InMemoryManager.of([ClusterModule, OBSERVATION], { configs: [ZooKeeperConfig], environment });
  await manager.start();
  const { managers, broker, zooKeeper } = await manager.get(ClusterController).get();
  expect(managers).toMatchObject([{ isSelf: true }]);
  expect(broker.isConnected).toBe(true);
  expect(zooKeeper.servers.map(({ address }) => address)).toEqual(['127.0.0.1:1', '127.0.0.1:2']);
  await manager.stop();
});
