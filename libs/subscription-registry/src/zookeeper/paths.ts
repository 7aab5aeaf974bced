/** The wire contract's root: a child per publisher, below it a child per subscriber. */
export const MAP_ROOT = '/db-event-mgr';

/** Our own: an ephemeral child per live manager. Touched with each change of the map, so its `mzxid` is the map's revision. */
export const MEMBERS_ROOT = '/db-event-mgr-members';

/** Our own: a child per publisher, a copy of what its subscriptions say (see `MapIndex`). Whatever is below may be deleted at any time. */
export const INDEX_ROOT = '/db-event-mgr-index';

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
