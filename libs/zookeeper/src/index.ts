export { forEachConcurrently } from './for-each-concurrently';
export type { NodeProtection } from './node-rights';
export { ReconnectingSession, type ReconnectingSessionOptions } from './reconnecting-session';
export { restrictTree } from './restrict-tree';
export { type NodeData, type NodeFamily, ZooKeeperSession } from './zookeeper-session';
