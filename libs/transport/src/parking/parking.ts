import type { DbEventError } from '@dbem/db-event';
import type { Delivery, OutgoingMessage } from '../broker.port';
import { PARKING_EXCHANGE, RETRY_DELAYS_MS, retryLevelOf } from '../topology/topology-names';

/** Headers of a message that was parked, or that waits to be tried again. */
export const PARKING_HEADERS = {
  /** How often it was tried. */
  attempts: 'x-dbem-attempts',
  /** ISO 8601. */
  firstFailedAt: 'x-dbem-first-failed-at',
  lastFailedAt: 'x-dbem-last-failed-at',
  /** Whose handler or check failed: a service's name. */
  failedAt: 'x-dbem-failed-at',
  /** A DbEventErrorCode. */
  reasonCode: 'x-dbem-reason-code',
  reason: 'x-dbem-reason',
  stack: 'x-dbem-stack',
} as const;

const MAX_REASON_LENGTH = 2_000;
const MAX_STACK_LENGTH = 8_000;

/** How often the message was tried before; 0 for a fresh one. */
export function attemptsOf(delivery: Delivery): number {
  const attempts = delivery.headers[PARKING_HEADERS.attempts];
  return typeof attempts === 'number' && attempts > 0 ? attempts : 0;
}

/** The message for the parked queue of `service`: as it came, with what is known of its failure in the headers. */
export function parkedMessage(delivery: Delivery, service: string, error: DbEventError): OutgoingMessage {
  return {
    ...sameMessage(delivery),
    exchange: PARKING_EXCHANGE,
    routingKey: service,
    headers: {
      ...failureHeaders(delivery, service),
      [PARKING_HEADERS.reasonCode]: error.code,
      [PARKING_HEADERS.reason]: error.message.slice(0, MAX_REASON_LENGTH),
      [PARKING_HEADERS.stack]: stackOf(error).slice(0, MAX_STACK_LENGTH),
    },
  };
}

/**
 * The message for the retry level that its attempts have led to, from where it comes back under `routingKey`. Past the last
 * level it goes to the last one again: who gives up parks instead, see `hasRetriesLeft`.
 */
export function retriedMessage(delivery: Delivery, routingKey: string): OutgoingMessage {
  const level = Math.min(attemptsOf(delivery) + 1, RETRY_DELAYS_MS.length);
  return {
    ...sameMessage(delivery),
    exchange: retryLevelOf(level),
    routingKey,
    headers: failureHeaders(delivery, routingKey),
  };
}

/** There is a retry level that the message has not been through. */
export function hasRetriesLeft(delivery: Delivery): boolean {
  return attemptsOf(delivery) < RETRY_DELAYS_MS.length;
}

function sameMessage({ body, contentType, messageId, correlationId, replyTo }: Delivery) {
  return {
    body,
    ...(contentType !== undefined && { contentType }),
    ...(messageId !== undefined && { messageId }),
    ...(correlationId !== undefined && { correlationId }),
    ...(replyTo !== undefined && { replyTo }),
  };
}

function failureHeaders(delivery: Delivery, failedAt: string): Record<string, unknown> {
  const now = new Date().toISOString();
  const { 'x-death': _brokersOwnTrail, ...headers } = delivery.headers;
  return {
    ...headers,
    [PARKING_HEADERS.attempts]: attemptsOf(delivery) + 1,
    [PARKING_HEADERS.firstFailedAt]: delivery.headers[PARKING_HEADERS.firstFailedAt] ?? now,
    [PARKING_HEADERS.lastFailedAt]: now,
    [PARKING_HEADERS.failedAt]: failedAt,
  };
}

/** The stack of what went wrong at first. */
function stackOf(error: Error): string {
  let root: Error = error;
  while (root.cause instanceof Error) root = root.cause;
  return root.stack ?? String(root);
}
