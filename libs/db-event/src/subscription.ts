import { DbEventError } from './db-event.error';
import type { EntityType } from './entity-type';
import { isSameExpiry, type SubscriptionExpiry } from './subscription-expiry';

/**
 * Where a subscription's events go, if not straight to the service's queue.
 *
 *   live (undefined) -pause-> paused -resume-> resuming -(few wait)-> draining -(none waits)-> live
 *
 * `paused`: they wait in the subscription's own queue. `resuming`: they still go there, so that their order is kept, and are
 * moved on from there. `draining`: new ones go straight to the service again, while the last that waited are moved.
 */
export const SUBSCRIPTION_DELIVERIES = ['paused', 'resuming', 'draining'] as const;

export type SubscriptionDelivery = (typeof SUBSCRIPTION_DELIVERIES)[number];

/** `subscriber` wants the changes of `publisher`, all of them or only those of `entityTypes`. */
export interface Subscription {
  readonly publisher: string;
  readonly subscriber: string;
  /** Sorted, without repeats. Undefined: every entity type, also those that do not exist yet. Never empty. */
  readonly entityTypes?: readonly EntityType[] | undefined;
  /** The subscriber understands heartbeats and gets them. Undefined: an old service, which must get none. */
  readonly heartbeats?: true | undefined;
  /** Undefined: live. */
  readonly delivery?: SubscriptionDelivery | undefined;
  /** Undefined: it has not expired, or its subscriber has rebuilt itself since. */
  readonly expiry?: SubscriptionExpiry | undefined;
}

/** The subscription in its one normal form: entity types sorted and without repeats. */
export function normalizeSubscription(subscription: Subscription): Subscription {
  const { publisher, subscriber, entityTypes, heartbeats, delivery, expiry } = subscription;
  return {
    publisher,
    subscriber,
    ...(entityTypes !== undefined && entityTypes.length > 0 && { entityTypes: [...new Set(entityTypes)].sort() }),
    ...(heartbeats && { heartbeats }),
    ...(delivery !== undefined && { delivery }),
    ...(expiry !== undefined && { expiry }),
  };
}

export function isSameSubscription(left: Subscription, right: Subscription): boolean {
  return (
    left.publisher === right.publisher &&
    left.subscriber === right.subscriber &&
    (left.entityTypes ?? []).join() === (right.entityTypes ?? []).join() &&
    left.heartbeats === right.heartbeats &&
    left.delivery === right.delivery &&
    isSameExpiry(left.expiry, right.expiry)
  );
}

/** Events are routed to it. */
export function isRouted({ expiry }: Subscription): boolean {
  return expiry === undefined || expiry.state === 'returned';
}

/**
 * What a subscription becomes when its subscriber asks for `wanted`: one that had expired has returned, and is known to have
 * expired until the subscriber says that it has rebuilt itself.
 *
 * @param rebuiltSinceMs the expiry that the subscriber has rebuilt itself after.
 * @throws DbEventError SUBSCRIPTION_EXPIRING (retryable) while its queue is about to be deleted.
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
