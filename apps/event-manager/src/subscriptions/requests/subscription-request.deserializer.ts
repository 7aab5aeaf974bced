import { DbEventError } from '@dbem/db-event';
import { decodeMessage, type SubscriptionRequest } from '@dbem/entity-codec';
import type { ConsumerDeserializer } from '@nestjs/microservices';
import { REQUEST_PATTERNS, UNREADABLE } from './request-patterns';

/** A message of the control queue with the pattern of its handler. */
export type IncomingSubscriptionRequest =
  | { readonly pattern: (typeof REQUEST_PATTERNS)[SubscriptionRequest['action']]; readonly data: SubscriptionRequest }
  | { readonly pattern: typeof UNREADABLE; readonly data: unknown };

/**
 * Decodes the wire contract (Thrift). Never throws: an undecodable message gets the pattern `UNREADABLE` with the
 * error as data, so that the same filter handles it as a failed request.
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
  throw new DbEventError(
    'MESSAGE_TYPE_UNKNOWN',
    `The control queue accepts subscription requests only, not "${message.kind}"`,
  );
}
