import type { RequestRole } from '../requests/request-wire';

/** Nest transport ids: whether a `@MessagePattern` method answers requests to the publisher or to the replica. */
export const PUBLISHER_REQUESTS = Symbol('PublisherRequests');
export const REPLICA_REQUESTS = Symbol('ReplicaRequests');

export const REQUEST_TRANSPORTS: Readonly<Record<RequestRole, symbol>> = {
  publisher: PUBLISHER_REQUESTS,
  replica: REPLICA_REQUESTS,
};
