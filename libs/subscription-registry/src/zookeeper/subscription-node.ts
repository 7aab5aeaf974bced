import { isEntityType, normalizeSubscription, type Subscription } from '@dbem/db-event';

/**
 * What a subscription's node holds: the subscriber's name, as the wire contract says; for a narrowed subscription JSON
 * with the entity types. The Java manager reads only the node's own name.
 */
export function encodeSubscriptionNode({ subscriber, entityTypes }: Subscription): Buffer {
  return Buffer.from(entityTypes === undefined ? subscriber : JSON.stringify({ subscriber, entityTypes }));
}

/** What can't be understood is somebody else's: taken as a subscription that is not narrowed, for too much beats too little. */
export function decodeSubscriptionNode(publisher: string, subscriber: string, data: Buffer): Subscription {
  const entityTypes = entityTypesOf(data);
  return normalizeSubscription({ publisher, subscriber, entityTypes });
}

function entityTypesOf(data: Buffer): Subscription['entityTypes'] {
  const text = data.toString('utf8');
  if (!text.startsWith('{')) return undefined;
  try {
    const { entityTypes } = JSON.parse(text) as { entityTypes?: unknown };
    return Array.isArray(entityTypes) && entityTypes.every(isEntityType) ? entityTypes : undefined;
  } catch {
    return undefined;
  }
}
