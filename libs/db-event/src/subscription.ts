import type { EntityType } from './entity-type';

/** `subscriber` wants the changes of `publisher`, all of them or only those of `entityTypes`. */
export interface Subscription {
  readonly publisher: string;
  readonly subscriber: string;
  /** Sorted, without repeats. Undefined: every entity type, also those that do not exist yet. Never empty. */
  readonly entityTypes?: readonly EntityType[] | undefined;
  /** The subscriber understands heartbeats and gets them. Undefined: an old service, which must get none. */
  readonly heartbeats?: true | undefined;
}

/** The subscription in its one normal form: entity types sorted and without repeats. */
export function normalizeSubscription(subscription: Subscription): Subscription {
  const { publisher, subscriber, entityTypes, heartbeats } = subscription;
  return {
    publisher,
    subscriber,
    ...(entityTypes !== undefined && entityTypes.length > 0 && { entityTypes: [...new Set(entityTypes)].sort() }),
    ...(heartbeats && { heartbeats }),
  };
}

export function isSameSubscription(left: Subscription, right: Subscription): boolean {
  return (
    left.publisher === right.publisher &&
    left.subscriber === right.subscriber &&
    (left.entityTypes ?? []).join() === (right.entityTypes ?? []).join() &&
    left.heartbeats === right.heartbeats
  );
}
