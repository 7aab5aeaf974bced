import { DbEventError, serviceNameFault } from '@dbem/db-event';
import { z } from 'zod';

const MAX_BYTES = 128 * 1024;

/** Reports are untrusted: they come from anybody who may publish to the exchange. */
const name = z.string().max(200);
const serviceName = name.refine((value) => serviceNameFault(value) === undefined, 'not a valid service name');
const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
/** ms since 1970, in the range of a `Date`. */
const time = z.number().min(-8.64e15).max(8.64e15);

const outboxStatus = z.object({
  depth: count,
  oldestAgeMs: z.number(),
  /** Changes published by this instance and confirmed by the broker since its start. */
  published: count,
  /** Counter of the newest assigned version, without the epoch. */
  version: count.exactOptional(),
  /** How far the database's clock is ahead of the process's, ms. */
  clockOffsetMs: z.number(),
});

const receivedStatus = z.object({
  publisher: name,
  applied: count,
  stale: count,
  deferred: count,
  retried: count,
  parked: count,
  /** Counter of the newest received version, without the epoch. */
  version: count.exactOptional(),
  /** Lag of the last event or heartbeat, ms; can be negative if the clocks differ. */
  lastLagMs: z.number().exactOptional(),
  lastReceivedAtMs: time.exactOptional(),
  /** Lag histogram of applied events: a count per bucket of `LATENCY_BUCKETS_S`, not cumulative; last: beyond all. */
  lag: z.array(count).max(64).readonly().exactOptional(),
});

const serviceStatus = z.object({
  service: serviceName,
  /** Generated at each start. */
  instance: name,
  software: name,
  startedAtMs: time,
  isReady: z.boolean(),
  /** Why it is not ready. */
  reasons: z.array(name).max(10).readonly(),
  /** The last report of an instance that shuts down. */
  isShuttingDown: z.boolean().exactOptional(),
  /** Undefined: it is not a publisher. */
  outbox: outboxStatus.exactOptional(),
  /** Undefined: it is not a subscriber. */
  received: z.array(receivedStatus).max(1_000).readonly().exactOptional(),
});

/** A publisher instance's report on its outbox, which all instances share. */
export type OutboxStatus = z.infer<typeof outboxStatus>;

/** A subscriber instance's report on one publisher. All counts are since its start. */
export type ReceivedStatus = z.infer<typeof receivedStatus>;

/** The status report of an instance of a service. */
export type ServiceStatus = z.infer<typeof serviceStatus>;

export function encodeServiceStatus(status: ServiceStatus): Buffer {
  return Buffer.from(JSON.stringify(status));
}

/** @throws DbEventError MESSAGE_MALFORMED, MESSAGE_TOO_LARGE */
export function decodeServiceStatus(body: Buffer): ServiceStatus {
  if (body.length > MAX_BYTES) {
    const reason = `Status report of ${body.length} bytes exceeds the limit of ${MAX_BYTES} bytes`;
    throw new DbEventError('MESSAGE_TOO_LARGE', reason);
  }
  try {
    return serviceStatus.parse(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw new DbEventError('MESSAGE_MALFORMED', `Invalid status report: ${faultOf(error)}`, { cause: error });
  }
}

function faultOf(error: unknown): string {
  const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
  return issue === undefined ? 'not JSON' : `${issue.path.join('.') || 'report'}: ${issue.message}`;
}
