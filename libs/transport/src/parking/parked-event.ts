import { createHash } from 'node:crypto';
import { MANAGER_SERVICE_NAME } from '@dbem/db-event';
import type { Delivery, OutgoingMessage } from '../broker.port';
import { MANAGER_QUEUE, serviceQueueOf } from '../topology/topology-names';
import { attemptsOf, firstFailedAtOf } from './parking';
import { PARKING_HEADERS } from './parking-headers';

/** A message in a service's parked queue, and why it was parked. */
export interface ParkedEvent {
  /** Unique in its queue. */
  readonly id: string;
  readonly service: string;
  readonly delivery: Delivery;
  /** A DbEventErrorCode. */
  readonly reasonCode: string;
  readonly reason: string;
  readonly stack: string;
  readonly attempts: number;
  /** Number of earlier redrives. */
  readonly redrives: number;
  readonly firstFailedAt: Date | undefined;
  readonly lastFailedAt: Date | undefined;
}

/** Reads the parking headers; a message that was put there by other software lacks them. */
export function parkedEventOf(service: string, delivery: Delivery): ParkedEvent {
  const { headers } = delivery;
  const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '');
  const lastFailedAt = Date.parse(text(PARKING_HEADERS.lastFailedAt));
  const redrives = headers[PARKING_HEADERS.redrives];
  return {
    id: text(PARKING_HEADERS.parkedId) || digestOf(delivery),
    service,
    delivery,
    reasonCode: text(PARKING_HEADERS.reasonCode),
    reason: text(PARKING_HEADERS.reason),
    stack: text(PARKING_HEADERS.stack),
    attempts: attemptsOf(delivery),
    redrives: Number.isSafeInteger(redrives) ? (redrives as number) : 0,
    firstFailedAt: firstFailedAtOf(delivery),
    lastFailedAt: Number.isNaN(lastFailedAt) ? undefined : new Date(lastFailedAt),
  };
}

/**
 * The message for a redrive to its original queue, with its attempts reset. It keeps its arrival, by which events of
 * legacy publishers are ordered, and the time of its first failure.
 */
export function redrivenMessage({ service, delivery, redrives, firstFailedAt }: ParkedEvent): OutgoingMessage {
  const parkingHeaders = new Set<string>(Object.values(PARKING_HEADERS));
  const { body, contentType, messageId } = delivery;
  return {
    exchange: '',
    routingKey: service === MANAGER_SERVICE_NAME ? MANAGER_QUEUE : serviceQueueOf(service),
    body,
    ...(contentType !== undefined && { contentType }),
    ...(messageId !== undefined && { messageId }),
    headers: {
      ...Object.fromEntries(Object.entries(delivery.headers).filter(([name]) => !parkingHeaders.has(name))),
      [PARKING_HEADERS.redrives]: redrives + 1,
      // The manager publishes the redriven message, so its original publisher's user is kept in a header.
      ...(service === MANAGER_SERVICE_NAME && userHeaderOf(delivery)),
      ...(firstFailedAt !== undefined && { [PARKING_HEADERS.firstFailedAt]: firstFailedAt.toISOString() }),
    },
  };
}

function userHeaderOf({ headers }: Delivery): Record<string, unknown> {
  const userId = headers[PARKING_HEADERS.userId];
  return userId === undefined ? {} : { [PARKING_HEADERS.userId]: userId };
}

function digestOf({ body, headers, messageId = '' }: Delivery): string {
  const hash = createHash('sha256').update(body).update(messageId);
  return hash.update(String(headers[PARKING_HEADERS.lastFailedAt])).digest('hex').slice(0, 32);
}
