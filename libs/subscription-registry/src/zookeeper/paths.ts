/** The root of the wire contract: one child per publisher, and below it one child per subscriber. */
export const MAP_ROOT = '/db-event-mgr';

/**
 * Not in the wire contract: one ephemeral child per live manager. Touched with each change, so its `mzxid` is the
 * revision.
 */
export const MEMBERS_ROOT = '/db-event-mgr-members';

/** Not in the wire contract: one index per publisher (see `MapIndex`). Everything below may be deleted at any time. */
export const INDEX_ROOT = '/db-event-mgr-index';

/** Not in the wire contract: the last term, see `SubscriptionRegistry.nextTerm`. */
export const TERM_NODE = '/db-event-mgr-term';

export function publisherPath(publisher: string): string {
  return `${MAP_ROOT}/${publisher}`;
}

export function subscriptionPath(publisher: string, subscriber: string): string {
  return `${MAP_ROOT}/${publisher}/${subscriber}`;
}

export function memberPath(id: string): string {
  return `${MEMBERS_ROOT}/${id}`;
}

export function indexPath(publisher: string): string {
  return `${INDEX_ROOT}/${publisher}`;
}
