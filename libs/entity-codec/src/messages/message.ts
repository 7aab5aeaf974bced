import type { DbEvent, EntityType } from '@dbem/db-event';

/** A service asks to hear, or to hear no longer, a publisher. */
export interface SubscriptionRequest {
  readonly action: 'SUBSCRIBE' | 'UNSUBSCRIBE';
  readonly publisher: string;
  readonly subscriber: string;
  /** Only these entity types; undefined: all. */
  readonly entityTypes?: readonly EntityType[] | undefined;
  /** The manager shall declare the service's queue, as a quorum queue. False for an old service, which declares its own classic one. */
  readonly declareQueue: boolean;
  /** The service understands heartbeats. */
  readonly heartbeats?: true | undefined;
  /** The entity types of which the service asks for what the publisher holds already. */
  readonly backfill?: readonly EntityType[] | undefined;
  /** The subscriber has rebuilt itself after the expiry of this time, ms since 1970. */
  readonly rebuiltSinceMs?: number | undefined;
}

/** What a message of the wire contract says. */
export type DecodedMessage =
  | { readonly kind: 'event'; readonly event: DbEvent }
  | { readonly kind: 'subscription'; readonly request: SubscriptionRequest };

/** The manager's answer to who asked for one (AMQP `replyTo`). */
export type Reply =
  | {
      readonly status: 'ACCEPTED';
      /** The services that the event was delivered to; for a subscription, the subscriber. */
      readonly services: readonly string[];
      /** The subscription had expired at this time, ms since 1970, and its subscriber has not rebuilt itself since. */
      readonly expiredSinceMs?: number | undefined;
    }
  | {
      readonly status: 'REJECTED';
      /** A DbEventErrorCode. */
      readonly code: string;
      readonly reason: string;
      /** The same message may be accepted later. */
      readonly retryable: boolean;
    };
