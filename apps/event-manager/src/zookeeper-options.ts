import type { EventManagerConfig } from './event-manager.config';

/** Where ZooKeeper is, and how our nodes there are protected. */
export function zooKeeperOptionsOf({ ZOOKEEPER_CONNECT, ZOOKEEPER_AUTH, ZOOKEEPER_NODES }: EventManagerConfig) {
  return {
    connectString: ZOOKEEPER_CONNECT,
    ...(ZOOKEEPER_AUTH !== undefined && { protection: { credentials: ZOOKEEPER_AUTH, nodes: ZOOKEEPER_NODES } }),
  };
}
