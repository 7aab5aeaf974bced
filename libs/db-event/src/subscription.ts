import { DbEventError } from './db-event.error';
import type { EntityType } from './entity-type';
import { isSameExpiry, type SubscriptionExpiry } from './subscription-expiry';
import { isSamePauses, type SubscriptionPause } from './subscription-pause';

/** `subscriber` receives the changes of `publisher`: all of them, or only those of `entityTypes`. */
export interface Subscription {
  readonly publisher: string;
  readonly subscriber: string;
  /** Sorted, without duplicates, never empty. Undefined: every entity type, including ones added later. */
  readonly entityTypes?: readonly EntityType[] | undefined;
  /** The subscriber receives heartbeats. Undefined: a legacy service, which does not understand them. */
  readonly heartbeats?: true | undefined;
  /** The format of batches that the subscriber reads. Undefined: single messages only, as a legacy service. */
  readonly messageFormat?: number | undefined;
  /** Its events wait in a queue of their own until each of these has ended. Sorted by `by`, never empty. */
  readonly pauses?: readonly SubscriptionPause[] | undefined;
  /** Undefined: it has not expired, or its subscriber has rebuilt its replica since. */
  readonly expiry?: SubscriptionExpiry | undefined;
  /**
   * Differs from that of an earlier subscription between the same services, which was removed. Assigned by the store;
   * undefined: not known.
   */
  readonly generation?: string | undefined;
}

/** The subscription in normal form: entity types are sorted and have no duplicates. */
export function normalizeSubscription(subscription: Subscription): Subscription {
  const { publisher, subscriber, entityTypes, heartbeats, messageFormat, pauses, expiry, generation } = subscription;
  return {
    publisher,
    subscriber,
    ...(entityTypes !== undefined && entityTypes.length > 0 && { entityTypes: [...new Set(entityTypes)].sort() }),
    ...(heartbeats && { heartbeats }),
    ...(messageFormat !== undefined && { messageFormat }),
    ...(pauses !== undefined && pauses.length > 0 && { pauses }),
    ...(expiry !== undefined && { expiry }),
    ...(generation !== undefined && { generation }),
  };
}

export function isSameSubscription(left: Subscription, right: Subscription): boolean {
  return (
    left.publisher === right.publisher &&
    left.subscriber === right.subscriber &&
    (left.entityTypes ?? []).join() === (right.entityTypes ?? []).join() &&
    left.heartbeats === right.heartbeats &&
    left.messageFormat === right.messageFormat &&
    isSamePauses(left.pauses, right.pauses) &&
    isSameExpiry(left.expiry, right.expiry) &&
    left.generation === right.generation
  );
}

/** Whether events are routed to the subscription. */
export function isRouted({ expiry }: Subscription): boolean {
  return expiry === undefined || expiry.state === 'returned';
}

/**
 * The subscription that results when a subscriber requests `wanted`. A subscription that had expired becomes
 * `returned`, and keeps its expiry until the subscriber reports that it has rebuilt its replica.
 *
 * @param rebuiltSinceMs `sinceMs` of the expiry after which the subscriber has rebuilt its replica.
 * @throws DbEventError SUBSCRIPTION_EXPIRING (retryable) while its queue is being deleted.
 */
export function subscriptionAsked(
  present: Subscription | undefined,
  wanted: Subscription,
  rebuiltSinceMs?: number,
): Subscription {
  const expiry = present?.expiry;
  if (expiry?.state === 'dropping') {
    const text = `The subscription of "${wanted.subscriber}" to "${wanted.publisher}" is expiring: its queue is being deleted`;
    throw new DbEventError('SUBSCRIPTION_EXPIRING', text, { retryable: true });
  }
  if (expiry === undefined || expiry.sinceMs === rebuiltSinceMs) return { ...wanted, expiry: undefined };
  return { ...wanted, expiry: { sinceMs: expiry.sinceMs, state: 'returned' } };
}
