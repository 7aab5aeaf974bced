import { expiryOf, isEntityType, normalizeSubscription, pausesOf, type Subscription } from '@dbem/db-event';
import type { NodeData } from '@dbem/zookeeper';

/**
 * The data of a subscription's node: the subscriber's name, as the wire contract requires, or JSON if the subscription
 * has more fields. The Java original reads only the node's own name.
 */
export function encodeSubscriptionNode({ publisher: _itsParent, generation: _itsStat, ...node }: Subscription): Buffer {
  const { subscriber, ...more } = node;
  return Buffer.from(Object.keys(more).length === 0 ? subscriber : JSON.stringify(node));
}

/**
 * A node's fields besides the subscriber's name, and its generation. May contain fields that only a newer manager
 * knows.
 */
export type SubscriptionContent = Readonly<Record<string, unknown>>;

/** The generation alone if the node contains only the name, or can't be decoded. */
export function contentOfNode({ data, stat }: NodeData): SubscriptionContent {
  const generation = String(stat.czxid.readBigInt64BE());
  const text = data.toString('utf8');
  if (!text.startsWith('{')) return { generation };
  try {
    const { subscriber: _itsName, ...content } = JSON.parse(text);
    return { ...content, generation };
  } catch {
    return { generation };
  }
}

/** Ignores invalid fields, so the subscription is unfiltered in doubt: too many events are better than too few. */
export function subscriptionOf(
  publisher: string,
  subscriber: string,
  { entityTypes, heartbeats, messageFormat, pauses, expiry, generation }: SubscriptionContent = {},
): Subscription {
  return normalizeSubscription({
    publisher,
    subscriber,
    entityTypes: Array.isArray(entityTypes) && entityTypes.every(isEntityType) ? entityTypes : undefined,
    heartbeats: heartbeats === true ? true : undefined,
    messageFormat: Number.isInteger(messageFormat) ? (messageFormat as number) : undefined,
    pauses: pausesOf(pauses),
    expiry: expiryOf(expiry),
    generation: typeof generation === 'string' ? generation : undefined,
  });
}

export function decodeSubscriptionNode(publisher: string, subscriber: string, node: NodeData): Subscription {
  return subscriptionOf(publisher, subscriber, contentOfNode(node));
}
