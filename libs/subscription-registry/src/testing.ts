/** For this repository's tests only: what stands in ZooKeeper's nodes, and where. */
export { encodeMember } from './zookeeper/membership';
export { INDEX_ROOT, indexPath, MAP_ROOT, memberPath, publisherPath, subscriptionPath } from './zookeeper/paths';
export { decodePublisherIndex, encodePublisherIndex } from './zookeeper/publisher-index';
export {
  decodeSubscriptionNode,
  encodeSubscriptionNode,
  type SubscriptionContent,
} from './zookeeper/subscription-node';
