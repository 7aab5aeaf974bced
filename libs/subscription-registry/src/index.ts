export { InMemorySubscriptionRegistry, InMemorySubscriptionStore } from './in-memory/in-memory-subscription-registry';
export type { PublisherReport } from './known-map';
export { laterTerm } from './later-term';
export { MapRollout } from './rollout/map-rollout';
export { RolloutModule } from './rollout/rollout.module';
export { RolloutChannel } from './rollout/rollout-channel';
export { SubscriptionMapEditor } from './rollout/subscription-map-editor';
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
