import type { RequestRole } from '../requests/request-wire';

/** Which requests a `@MessagePattern` method answers: those to the publisher, or to the holder of replicas. */
export const PUBLISHER_REQUESTS = Symbol('PublisherRequests');
export const REPLICA_REQUESTS = Symbol('ReplicaRequests');

export const REQUEST_TRANSPORTS: Readonly<Record<RequestRole, symbol>> = {
  publisher: PUBLISHER_REQUESTS,
  replica: REPLICA_REQUESTS,
};
