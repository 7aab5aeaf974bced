export { CRUD_TYPES, type CrudType } from './crud-type';
export { DbEventError, type DbEventErrorCode, type DbEventErrorOptions } from './db-event.error';
export { type Dependency, meetsDependency } from './dependency';
export { inDryRun, isDryRun } from './dry-run';
export type { EntityKey } from './entity-key';
export { ENTITY_TYPES, type EntityType, isEntityType } from './entity-type';
export type { DbEvent } from './event';
export type { Lifecycle } from './lifecycle';
export { type Queryable, rowsOf } from './queryable';
export {
  decodeReplicationToken,
  type EntityVersion,
  encodeReplicationToken,
  REPLICATION_TOKEN_HEADER,
} from './replication-token';
export { MANAGER_SERVICE_NAME, serviceNameFault } from './service-name';
export {
  isRouted,
  isSameSubscription,
  normalizeSubscription,
  type Subscription,
  subscriptionAsked,
} from './subscription';
export { expiryOf, isSameExpiry, type SubscriptionExpiry } from './subscription-expiry';
export { SubscriptionMap } from './subscription-map';
export { isPaused, pausedBy, pausesOf, resumedBy, type SubscriptionPause } from './subscription-pause';
export { firstVersionOfEpoch, type Version } from './version';
