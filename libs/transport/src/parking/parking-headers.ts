import type { Delivery } from '../broker.port';
import { NO_HEADERS } from '../republishable';
import { LANE_HEADER } from '../topology/topology-names';

/** Headers of a message that is parked or waits for a retry. */
export const PARKING_HEADERS = {
  /** Number of failed attempts. */
  attempts: 'x-dbem-attempts',
  /** ISO 8601. */
  firstFailedAt: 'x-dbem-first-failed-at',
  lastFailedAt: 'x-dbem-last-failed-at',
  /** Name of the service where it failed. */
  failedAt: 'x-dbem-failed-at',
  /** A DbEventErrorCode. */
  reasonCode: 'x-dbem-reason-code',
  reason: 'x-dbem-reason',
  stack: 'x-dbem-stack',
  /** Unique id of the parked message. */
  parkedId: 'x-dbem-parked-id',
  /** Number of redrives. */
  redrives: 'x-dbem-redrives',
  /** Its retry lane. */
  lane: LANE_HEADER,
  /** The broker user that published it, validated by the broker; only in the manager's own queues. */
  userId: 'x-dbem-user-id',
} as const;

const NAMES = new Set<string>(Object.values(PARKING_HEADERS));

/** The delivery without these headers, so that publishers can't forge the attempts of their messages. */
export function withoutParkingHeaders(delivery: Delivery): Delivery {
  if (delivery.headers === NO_HEADERS) return delivery;
  const entries = Object.entries(delivery.headers);
  if (!entries.some(([name]) => NAMES.has(name))) return delivery;
  return { ...delivery, headers: Object.fromEntries(entries.filter(([name]) => !NAMES.has(name))), encoded: undefined };
}
