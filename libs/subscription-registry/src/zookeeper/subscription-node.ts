import {
  expiryOf,
  isEntityType,
  normalizeSubscription,
  SUBSCRIPTION_DELIVERIES,
  type Subscription,
} from '@dbem/db-event';

/**
 * The data of a subscription's node: the subscriber's name, as the wire contract requires, or JSON if the subscription
 * has more fields. The Java original reads only the node's own name.
 */
export function encodeSubscriptionNode({ publisher: _itsParent, ...node }: Subscription): Buffer {
  const { subscriber, ...more } = node;
  return Buffer.from(Object.keys(more).length === 0 ? subscriber : JSON.stringify(node));
}

/** A node's fields besides the subscriber's name. May contain fields that only a newer manager knows. */
export type SubscriptionContent = Readonly<Record<string, unknown>>;

/** Undefined: the node contains only the name, or can't be decoded. */
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

/** Ignores invalid fields, so the subscription is unfiltered in doubt: too many events are better than too few. */
export function subscriptionOf(
  publisher: string,
  subscriber: string,
  { entityTypes, heartbeats, messageFormat, delivery, expiry }: SubscriptionContent = {},
): Subscription {
  return normalizeSubscription({
    publisher,
    subscriber,
    entityTypes: Array.isArray(entityTypes) && entityTypes.every(isEntityType) ? entityTypes : undefined,
    heartbeats: heartbeats === true ? true : undefined,
    messageFormat: Number.isInteger(messageFormat) ? (messageFormat as number) : undefined,
    delivery: SUBSCRIPTION_DELIVERIES.find((known) => known === delivery),
    expiry: expiryOf(expiry),
  });
}

export function decodeSubscriptionNode(publisher: string, subscriber: string, data: Buffer): Subscription {
  return subscriptionOf(publisher, subscriber, contentOfNode(data));
}
