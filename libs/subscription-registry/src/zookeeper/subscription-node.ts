import {
  isEntityType,
  lapseOf,
  normalizeSubscription,
  SUBSCRIPTION_DELIVERIES,
  type Subscription,
} from '@dbem/db-event';

/**
 * What a subscription's node holds: the subscriber's name, as the wire contract says; where there is more to say of the
 * subscription, JSON. The Java manager reads only the node's own name.
 */
export function encodeSubscriptionNode({ publisher: _itsParent, ...node }: Subscription): Buffer {
  const { subscriber, ...more } = node;
  return Buffer.from(Object.keys(more).length === 0 ? subscriber : JSON.stringify(node));
}

/** What can't be understood is somebody else's: taken as a subscription that is not narrowed, for too much beats too little. */
export function decodeSubscriptionNode(publisher: string, subscriber: string, data: Buffer): Subscription {
  const { entityTypes, heartbeats, delivery, lapse } = contentOf(data);
  return normalizeSubscription({
    publisher,
    subscriber,
    entityTypes: Array.isArray(entityTypes) && entityTypes.every(isEntityType) ? entityTypes : undefined,
    heartbeats: heartbeats === true ? true : undefined,
    delivery: SUBSCRIPTION_DELIVERIES.find((known) => known === delivery),
    lapse: lapseOf(lapse),
  });
}

interface NodeContent {
  entityTypes?: unknown;
  heartbeats?: unknown;
  delivery?: unknown;
  lapse?: unknown;
}

function contentOf(data: Buffer): NodeContent {
  const text = data.toString('utf8');
  if (!text.startsWith('{')) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
