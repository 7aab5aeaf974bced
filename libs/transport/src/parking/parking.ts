import { randomUUID } from 'node:crypto';
import type { DbEventError } from '@dbem/db-event';
import type { Delivery, OutgoingMessage } from '../broker.port';
import {
  ALONE_KEY,
  failedExchangeOf,
  PARKED_KEY,
  RETRY_DELAYS_MS,
  RETRY_KEY,
  RETRY_LANES,
  retryLaneOf,
} from '../topology/topology-names';
import { PARKING_HEADERS } from './parking-headers';

const MAX_REASON_LENGTH = 2_000;
const MAX_STACK_LENGTH = 8_000;
const MAX_ATTEMPTS = 1_000_000;

/** Number of failed attempts; 0 for a new message. */
export function attemptsOf(delivery: Pick<Delivery, 'headers'>): number {
  const attempts = delivery.headers[PARKING_HEADERS.attempts];
  return Number.isSafeInteger(attempts) ? Math.min(Math.max(attempts as number, 0), MAX_ATTEMPTS) : 0;
}

/** Time of the first failure; undefined for a new message. */
export function firstFailedAtOf(delivery: Delivery): Date | undefined {
  const text = delivery.headers[PARKING_HEADERS.firstFailedAt];
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** The unchanged message for the parked queue of `service`, with its failure in the headers. */
export function parkedMessage(
  delivery: Delivery,
  service: string,
  error: DbEventError,
  now = new Date(),
): OutgoingMessage {
  return {
    ...sameMessage(delivery),
    exchange: failedExchangeOf(service),
    routingKey: PARKED_KEY,
    headers: {
      ...failureHeaders(delivery, service, now),
      [PARKING_HEADERS.parkedId]: randomUUID(),
      [PARKING_HEADERS.reasonCode]: error.code,
      [PARKING_HEADERS.reason]: error.message.slice(0, MAX_REASON_LENGTH),
      [PARKING_HEADERS.stack]: stackOf(error).slice(0, MAX_STACK_LENGTH),
    },
  };
}

/**
 * The message for the retry level of its next attempt, in a random lane, from which it returns to the owner's queue.
 * After the last level it goes through the last one again; to park it instead, see `hasRetriesLeft`.
 *
 * @param owner a service, or `CONTROL_QUEUE`.
 */
export function retriedMessage(delivery: Delivery, owner: string, now = new Date()): OutgoingMessage {
  const level = Math.min(attemptsOf(delivery) + 1, RETRY_DELAYS_MS.length);
  const lane = 1 + Math.floor(Math.random() * RETRY_LANES.length);
  return {
    ...sameMessage(delivery),
    exchange: failedExchangeOf(owner),
    routingKey: RETRY_KEY,
    headers: { ...failureHeaders(delivery, owner, now), [PARKING_HEADERS.lane]: retryLaneOf(level, lane) },
  };
}

/** An element of a redelivered batch, as a single message for its service's queue. */
export function aloneMessage(element: Delivery, service: string): OutgoingMessage {
  const { headers } = element;
  return { ...sameMessage(element), exchange: failedExchangeOf(service), routingKey: ALONE_KEY, headers };
}

/** Whether there is a retry level that the message has not been through. */
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

function failureHeaders(delivery: Delivery, failedAt: string, now: Date): Record<string, unknown> {
  return {
    ...delivery.headers,
    [PARKING_HEADERS.attempts]: attemptsOf(delivery) + 1,
    [PARKING_HEADERS.firstFailedAt]: (firstFailedAtOf(delivery) ?? now).toISOString(),
    [PARKING_HEADERS.lastFailedAt]: now.toISOString(),
    [PARKING_HEADERS.failedAt]: failedAt,
  };
}

/** The stack of the root cause. */
function stackOf(error: Error): string {
  let root: Error = error;
  for (let depth = 0; root.cause instanceof Error && depth < 20; depth += 1) root = root.cause;
  return root.stack ?? String(root);
}
