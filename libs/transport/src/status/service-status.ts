import { DbEventError, serviceNameFault } from '@dbem/db-event';

/** What an instance of a subscriber says of one publisher. All counts are since its start. */
export interface HeardStatus {
  readonly publisher: string;
  readonly applied: number;
  readonly stale: number;
  readonly held: number;
  readonly retried: number;
  readonly parked: number;
  /** The newest version that has come through: its counter, without the epoch. */
  readonly version?: number;
  /** Of the last event or heartbeat; below zero if the clocks differ. */
  readonly lastLagMs?: number;
  /** ms since 1970. */
  readonly lastHeardAtMs?: number;
  /** How many applied events had a lag of at most each of `LATENCY_BUCKETS_S` and no fewer; the last: more than all. */
  readonly lag?: readonly number[];
}

/** What an instance of a publisher says of its outbox, which it shares with the others. */
export interface OutboxStatus {
  readonly depth: number;
  readonly oldestAgeMs: number;
  /** Changes of this instance that the broker has confirmed, since its start. */
  readonly published: number;
  /** The newest version that was handed out: its counter, without the epoch. */
  readonly version?: number;
  /** By how much the clock of its database is ahead of its process's. */
  readonly clockOffsetMs: number;
}

/** How an instance of a service is, in its own words. */
export interface ServiceStatus {
  readonly service: string;
  /** Drawn at each start. */
  readonly instance: string;
  readonly software: string;
  /** ms since 1970. */
  readonly startedAtMs: number;
  readonly isReady: boolean;
  /** Why it is not ready. */
  readonly reasons: readonly string[];
  /** Its last word: it stops in good order. */
  readonly isLeaving?: boolean;
  /** Undefined: it publishes nothing. */
  readonly outbox?: OutboxStatus;
  /** Undefined: it subscribes to nothing. */
  readonly heard?: readonly HeardStatus[];
}

const MAX_BYTES = 128 * 1024;
const MAX_NAME = 200;
const MAX_REASONS = 10;
const MAX_HEARD = 1_000;
const MAX_BUCKETS = 64;
/** What a `Date` can hold. */
const MAX_TIME_MS = 8.64e15;

export function encodeServiceStatus(status: ServiceStatus): Buffer {
  return Buffer.from(JSON.stringify(status));
}

/** @throws DbEventError MESSAGE_MALFORMED, MESSAGE_TOO_LARGE: it comes from whoever may publish, so nothing in it is believed to be in order. */
export function decodeServiceStatus(body: Buffer): ServiceStatus {
  if (body.length > MAX_BYTES) throw new DbEventError('MESSAGE_TOO_LARGE', 'A status is at most 128 KiB');
  const said = objectOf(parse(body));
  return {
    service: serviceName(said['service']),
    instance: text(said['instance']),
    software: text(said['software']),
    startedAtMs: time(said['startedAtMs']),
    isReady: said['isReady'] === true,
    reasons: listOf(said['reasons'], MAX_REASONS).map(text),
    ...(said['isLeaving'] === true && { isLeaving: true }),
    ...(said['outbox'] !== undefined && { outbox: outboxOf(objectOf(said['outbox'])) }),
    ...(said['heard'] !== undefined && { heard: listOf(said['heard'], MAX_HEARD).map(objectOf).map(heardOf) }),
  };
}

function outboxOf(said: Record<string, unknown>): OutboxStatus {
  return {
    depth: count(said['depth']),
    oldestAgeMs: number(said['oldestAgeMs']),
    published: count(said['published']),
    clockOffsetMs: number(said['clockOffsetMs']),
    ...(said['version'] !== undefined && { version: count(said['version']) }),
  };
}

function heardOf(said: Record<string, unknown>): HeardStatus {
  return {
    publisher: text(said['publisher']),
    applied: count(said['applied']),
    stale: count(said['stale']),
    held: count(said['held']),
    retried: count(said['retried']),
    parked: count(said['parked']),
    ...(said['version'] !== undefined && { version: count(said['version']) }),
    ...(said['lastLagMs'] !== undefined && { lastLagMs: number(said['lastLagMs']) }),
    ...(said['lastHeardAtMs'] !== undefined && { lastHeardAtMs: time(said['lastHeardAtMs']) }),
    ...(said['lag'] !== undefined && { lag: listOf(said['lag'], MAX_BUCKETS).map(count) }),
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new DbEventError('MESSAGE_MALFORMED', 'Not JSON', { cause: error });
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('an object');
  return value as Record<string, unknown>;
}

function listOf(value: unknown, max: number): unknown[] {
  if (!Array.isArray(value) || value.length > max) throw malformed(`a list of ${max} at most`);
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string' || value.length > MAX_NAME) throw malformed(`a text of ${MAX_NAME} characters at most`);
  return value;
}

function number(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed('a number');
  return value;
}

function count(value: unknown): number {
  const whole = number(value);
  if (whole < 0 || whole > Number.MAX_SAFE_INTEGER) throw malformed('a count');
  return whole;
}

function time(value: unknown): number {
  const ms = number(value);
  if (Math.abs(ms) > MAX_TIME_MS) throw malformed('a time');
  return ms;
}

function serviceName(value: unknown): string {
  const name = text(value);
  if (serviceNameFault(name) !== undefined) throw malformed('a service’s name');
  return name;
}

function malformed(wanted: string): DbEventError {
  return new DbEventError('MESSAGE_MALFORMED', `A status holds something else where ${wanted} is wanted`);
}
