import type { SubscriptionRequest } from '@dbem/entity-codec';

/** Transport id that binds `@MessagePattern` methods to the server of subscription requests. */
export const SUBSCRIPTION_REQUESTS = Symbol('SubscriptionRequests');

export const REQUEST_PATTERNS = {
  SUBSCRIBE: 'subscribe',
  UNSUBSCRIBE: 'unsubscribe',
} as const satisfies Record<SubscriptionRequest['action'], string>;

/** Pattern of a message that is not a subscription request. */
export const UNREADABLE = 'unreadable';
