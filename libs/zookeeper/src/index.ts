export { closeTree } from './close-tree';
export { eachOf } from './each-of';
export { KeptSession, type KeptSessionOptions } from './kept-session';
export type { NodeProtection } from './node-rights';
export { type NodeData, ZooKeeperSession } from './zookeeper-session';
