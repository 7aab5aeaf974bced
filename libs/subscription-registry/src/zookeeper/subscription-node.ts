import {
  expiryOf,
  isEntityType,
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

/** What a node says beyond the subscriber's name. It may hold what only a newer manager understands. */
export type SubscriptionContent = Readonly<Record<string, unknown>>;

/** Undefined: the node says no more than the name, or what can't be read at all. */
export function contentOfNode(data: Buffer): SubscriptionContent | undefined {
  const text = data.toString('utf8');
  if (!text.startsWith('{')) return undefined;
  try {
    const { subscriber: _itsName, ...content } = JSON.parse(text);
    return content;
  } catch {
    return undefined;
  }
}

/** What can't be understood is somebody else's: taken as a subscription that is not narrowed, for too much beats too little. */
export function subscriptionOf(
  publisher: string,
  subscriber: string,
  { entityTypes, heartbeats, delivery, expiry }: SubscriptionContent = {},
): Subscription {
  return normalizeSubscription({
    publisher,
    subscriber,
    entityTypes: Array.isArray(entityTypes) && entityTypes.every(isEntityType) ? entityTypes : undefined,
    heartbeats: heartbeats === true ? true : undefined,
    delivery: SUBSCRIPTION_DELIVERIES.find((known) => known === delivery),
    expiry: expiryOf(expiry),
  });
}

export function decodeSubscriptionNode(publisher: string, subscriber: string, data: Buffer): Subscription {
  return subscriptionOf(publisher, subscriber, contentOfNode(data));
}
