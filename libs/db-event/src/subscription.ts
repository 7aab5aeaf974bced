import type { EntityType } from './entity-type';

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
}

/** The subscription in its one normal form: entity types sorted and without repeats. */
export function normalizeSubscription(subscription: Subscription): Subscription {
  const { publisher, subscriber, entityTypes, heartbeats, delivery } = subscription;
  return {
    publisher,
    subscriber,
    ...(entityTypes !== undefined && entityTypes.length > 0 && { entityTypes: [...new Set(entityTypes)].sort() }),
    ...(heartbeats && { heartbeats }),
    ...(delivery !== undefined && { delivery }),
  };
}

export function isSameSubscription(left: Subscription, right: Subscription): boolean {
  return (
    left.publisher === right.publisher &&
    left.subscriber === right.subscriber &&
    (left.entityTypes ?? []).join() === (right.entityTypes ?? []).join() &&
    left.heartbeats === right.heartbeats &&
    left.delivery === right.delivery
  );
}
