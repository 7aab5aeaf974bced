import { DbEventError } from '@dbem/db-event';
import { decodeMessage, type SubscriptionRequest } from '@dbem/entity-codec';
import type { ConsumerDeserializer } from '@nestjs/microservices';
import { REQUEST_PATTERNS, UNREADABLE } from './request-patterns';

/** A message of the control queue, by what is to be done with it. */
export type IncomingSubscriptionRequest =
  | { readonly pattern: (typeof REQUEST_PATTERNS)[SubscriptionRequest['action']]; readonly data: SubscriptionRequest }
  | { readonly pattern: typeof UNREADABLE; readonly data: unknown };

/**
 * Reads the wire contract (Thrift). Never throws: what can't be read is a request with a pattern of its own, whose data is the
 * reason, so that it meets the same filter as one that fails.
 */
export class SubscriptionRequestDeserializer implements ConsumerDeserializer {
  deserialize(body: Buffer): IncomingSubscriptionRequest {
    try {
      const data = requestIn(body);
      return { pattern: REQUEST_PATTERNS[data.action], data };
    } catch (error) {
      return { pattern: UNREADABLE, data: error };
    }
  }
}

function requestIn(body: Buffer): SubscriptionRequest {
  const message = decodeMessage(body);
  if (message.kind === 'subscription') return message.request;
  throw new DbEventError('MESSAGE_TYPE_UNKNOWN', 'the control queue takes requests for subscriptions only');
}
