export { InMemorySubscriptionRegistry, InMemorySubscriptionStore } from './in-memory/in-memory-subscription-registry';
export type { PublisherReport } from './known-map';
export {
  SubscriptionRegistryModule,
  type SubscriptionRegistryModuleAsyncOptions,
} from './subscription-registry.module';
export {
  type Member,
  type PutOptions,
  type PutOutcome,
  type RegistryHealth,
  type RemoveOutcome,
  SubscriptionRegistry,
  type UpdateOutcome,
} from './subscription-registry.port';
export { closeTree } from './zookeeper/close-nodes';
export { KeptSession, type KeptSessionOptions } from './zookeeper/kept-session';
export type { NodeProtection } from './zookeeper/node-rights';
export type { NodeData, ZooKeeperSession } from './zookeeper/zookeeper-session';
export {
  ZooKeeperSubscriptionRegistry,
  type ZooKeeperSubscriptionRegistryOptions,
} from './zookeeper/zookeeper-subscription-registry';
