/** For this repository's tests only: the paths and contents of the nodes in ZooKeeper. */
export { encodeMember } from './zookeeper/membership';
export { INDEX_ROOT, indexPath, MAP_ROOT, memberPath, publisherPath, subscriptionPath } from './zookeeper/paths';
export { decodePublisherIndex, encodePublisherIndex } from './zookeeper/publisher-index';
export {
  decodeSubscriptionNode,
  encodeSubscriptionNode,
  type SubscriptionContent,
} from './zookeeper/subscription-node';
