import { DbEventError, serviceNameFault } from '@dbem/db-event';
import { z } from 'zod';

const MAX_BYTES = 128 * 1024;

/** It comes from whoever may publish, so nothing in it is believed to be in order. */
const name = z.string().max(200);
const serviceName = name.refine((value) => serviceNameFault(value) === undefined, 'not a service’s name');
const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
/** ms since 1970: what a `Date` can hold. */
const time = z.number().min(-8.64e15).max(8.64e15);

const outboxStatus = z.object({
  depth: count,
  oldestAgeMs: z.number(),
  /** Changes of this instance that the broker has confirmed, since its start. */
  published: count,
  /** The newest version that was handed out: its counter, without the epoch. */
  version: count.exactOptional(),
  /** By how much the clock of its database is ahead of its process's. */
  clockOffsetMs: z.number(),
});

const receivedStatus = z.object({
  publisher: name,
  applied: count,
  stale: count,
  deferred: count,
  retried: count,
  parked: count,
  /** The newest version that has come through: its counter, without the epoch. */
  version: count.exactOptional(),
  /** Of the last event or heartbeat; below zero if the clocks differ. */
  lastLagMs: z.number().exactOptional(),
  lastReceivedAtMs: time.exactOptional(),
  /** How many applied events had a lag of at most each of `LATENCY_BUCKETS_S` and no fewer; the last: more than all. */
  lag: z.array(count).max(64).readonly().exactOptional(),
});

const serviceStatus = z.object({
  service: serviceName,
  /** Drawn at each start. */
  instance: name,
  software: name,
  startedAtMs: time,
  isReady: z.boolean(),
  /** Why it is not ready. */
  reasons: z.array(name).max(10).readonly(),
  /** Its last word: it stops in good order. */
  isShuttingDown: z.boolean().exactOptional(),
  /** Undefined: it publishes nothing. */
  outbox: outboxStatus.exactOptional(),
  /** Undefined: it subscribes to nothing. */
  received: z.array(receivedStatus).max(1_000).readonly().exactOptional(),
});

/** What an instance of a publisher says of its outbox, which it shares with the others. */
export type OutboxStatus = z.infer<typeof outboxStatus>;

/** What an instance of a subscriber says of one publisher. All counts are since its start. */
export type ReceivedStatus = z.infer<typeof receivedStatus>;

/** How an instance of a service is, in its own words. */
export type ServiceStatus = z.infer<typeof serviceStatus>;

export function encodeServiceStatus(status: ServiceStatus): Buffer {
  return Buffer.from(JSON.stringify(status));
}

/** @throws DbEventError MESSAGE_MALFORMED, MESSAGE_TOO_LARGE */
export function decodeServiceStatus(body: Buffer): ServiceStatus {
  if (body.length > MAX_BYTES) throw new DbEventError('MESSAGE_TOO_LARGE', 'A status is at most 128 KiB');
  try {
    return serviceStatus.parse(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw new DbEventError('MESSAGE_MALFORMED', 'No service sends this', { cause: error });
  }
}
