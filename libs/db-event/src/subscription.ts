import type { EntityType } from './entity-type';

/** `subscriber` wants the changes of `publisher`, all of them or only those of `entityTypes`. */
export interface Subscription {
  readonly publisher: string;
  readonly subscriber: string;
  /** Sorted, without repeats. Undefined: every entity type, also those that do not exist yet. Never empty. */
  readonly entityTypes?: readonly EntityType[] | undefined;
}

/** The subscription in its one normal form: entity types sorted and without repeats. */
export function normalizeSubscription(subscription: Subscription): Subscription {
  const { publisher, subscriber, entityTypes } = subscription;
  if (entityTypes === undefined || entityTypes.length === 0) return { publisher, subscriber };
  return { publisher, subscriber, entityTypes: [...new Set(entityTypes)].sort() };
}

export function isSameSubscription(left: Subscription, right: Subscription): boolean {
  return (
    left.publisher === right.publisher &&
    left.subscriber === right.subscriber &&
    (left.entityTypes ?? []).join() === (right.entityTypes ?? []).join()
  );
}
