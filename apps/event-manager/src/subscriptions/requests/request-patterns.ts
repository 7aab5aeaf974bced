import type { SubscriptionRequest } from '@dbem/entity-codec';

/** Which requests a `@MessagePattern` method answers: those for subscriptions. */
export const SUBSCRIPTION_REQUESTS = Symbol('SubscriptionRequests');

export const REQUEST_PATTERNS = {
  SUBSCRIBE: 'subscribe',
  UNSUBSCRIBE: 'unsubscribe',
} as const satisfies Record<SubscriptionRequest['action'], string>;

/** Of a message in which there is no request. */
export const UNREADABLE = 'unreadable';
