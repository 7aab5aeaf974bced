export { closeTree } from './close-tree';
export { eachOf } from './each-of';
export type { NodeProtection } from './node-rights';
export { ReconnectingSession, type ReconnectingSessionOptions } from './reconnecting-session';
export { type NodeData, ZooKeeperSession } from './zookeeper-session';
