import type { DbEvent, EntityType } from '@dbem/db-event';

/** A service's request to subscribe to a publisher, or to unsubscribe. */
export interface SubscriptionRequest {
  readonly action: 'SUBSCRIBE' | 'UNSUBSCRIBE';
  readonly publisher: string;
  readonly subscriber: string;
  /** Only these entity types; undefined: all. */
  readonly entityTypes?: readonly EntityType[] | undefined;
  /**
   * The manager declares the service's queue, as a quorum queue. False for legacy services, which declare a classic
   * one.
   */
  readonly declareQueue: boolean;
  /** The service understands heartbeats. */
  readonly heartbeats?: true | undefined;
  /** The format of batches that the service reads; undefined: single messages only. */
  readonly messageFormat?: number | undefined;
  /** The entity types for which the service requests a backfill. */
  readonly backfill?: readonly EntityType[] | undefined;
  /** The subscriber has rebuilt itself after it expired at this time, ms since 1970. */
  readonly rebuiltSinceMs?: number | undefined;
}

/** A decoded message of the wire contract. */
export type DecodedMessage =
  | { readonly kind: 'event'; readonly event: DbEvent }
  | { readonly kind: 'subscription'; readonly request: SubscriptionRequest };

/** The manager's reply to a message with `replyTo`. */
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
