export { InMemorySubscriptionRegistry, InMemorySubscriptionStore } from './in-memory/in-memory-subscription-registry';
export type { PublisherReport } from './known-map';
export { AgreedMap } from './rollout/agreed-map';
export { MapModule } from './rollout/map.module';
export { MapAgreement } from './rollout/map-agreement';
export { MapLine } from './rollout/map-line';
export {
  SubscriptionRegistryModule,
  type SubscriptionRegistryModuleAsyncOptions,
  type SubscriptionRegistryOptions,
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
export {
  ZooKeeperSubscriptionRegistry,
  type ZooKeeperSubscriptionRegistryOptions,
} from './zookeeper/zookeeper-subscription-registry';
