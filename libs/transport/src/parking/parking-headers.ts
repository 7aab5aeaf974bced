import type { Delivery } from '../broker.port';
import { LANE_HEADER } from '../topology/topology-names';

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
  /** Names the parked message: unique. */
  parkedId: 'x-dbem-parked-id',
  /** How often it was parked and tried again since. */
  redrives: 'x-dbem-redrives',
  /** The retry lane that it is in. */
  lane: LANE_HEADER,
  /** The broker user that published it, as the broker had checked it; only in the manager's own queues. */
  userId: 'x-dbem-user-id',
} as const;

const OURS = new Set<string>(Object.values(PARKING_HEADERS));

/** The delivery without these headers: who publishes has no say in how often its message was tried. */
export function withoutParkingHeaders(delivery: Delivery): Delivery {
  const entries = Object.entries(delivery.headers);
  if (!entries.some(([name]) => OURS.has(name))) return delivery;
  return { ...delivery, headers: Object.fromEntries(entries.filter(([name]) => !OURS.has(name))) };
}
