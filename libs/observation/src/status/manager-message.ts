import { CRUD_TYPES, DbEventError, ENTITY_TYPES } from '@dbem/db-event';
import { z } from 'zod';
import { UNAVAILABILITIES } from './unavailable-queues.port';

/** Messages come over the wire: anything that no event manager would send is rejected. */
const name = z.string().max(1_000);
const time = z.number().min(0).max(8.64e15);
const count = z.number().min(0);
const entityType = z.enum(ENTITY_TYPES);
const crudType = z.enum(CRUD_TYPES);

const status = z.object({
  kind: z.literal('status'),
  manager: name,
  software: name,
  startedAtMs: time,
  isReady: z.boolean(),
  reasons: z.array(name).max(20).readonly(),
  isShuttingDown: z.boolean().optional(),
  unavailable: z
    .array(z.object({ service: name, queue: name, cause: z.enum(UNAVAILABILITIES), sinceMs: time }))
    .max(10_000)
    .readonly()
    .optional(),
  received: z
    .array(z.tuple([name, entityType, count]).readonly())
    .max(20_000)
    .readonly(),
});

const watch = z.object({
  id: name,
  filter: z.object({
    publisher: name.optional(),
    entityType: entityType.optional(),
    entityId: name.optional(),
    subscriber: name.optional(),
    operation: crudType.optional(),
  }),
  withContent: z.boolean(),
});

const passedEvent = z.object({
  watches: z.array(name).max(1_000).readonly(),
  event: z.object({
    at: name,
    manager: name,
    eventId: name.optional(),
    publisher: name,
    entityType,
    entityId: name.optional(),
    operation: crudType,
    version: name.optional(),
    changedAt: name.optional(),
    size: count,
    traceId: name.optional(),
    destinations: z.array(name).max(10_000).readonly(),
  }),
  body: z.string().optional(),
});

const message = z.discriminatedUnion('kind', [
  status,
  z.object({
    kind: z.literal('watches'),
    manager: name,
    queue: name.startsWith('db.event.status.'),
    watches: z.array(watch).max(100).readonly(),
  }),
  z.object({
    kind: z.literal('passed'),
    events: z.array(passedEvent).max(10_000).readonly(),
    skipped: z.record(name, count),
  }),
]);

/**
 * The report of an event manager. `manager`: the prefix of its id among the map's members. `isShuttingDown`: its last
 * report, before a graceful shutdown. `received`: events received from the managers' queue since its start, by
 * publisher and entity type. `unavailable`: the queues to which it can't forward events.
 */
export type ManagerStatus = z.infer<typeof status>;

/** A viewer of the events as they pass. */
export type Watch = z.infer<typeof watch>;

/**
 * An event that passed, for its viewers; `body`: the message in base64, if a viewer requests the content and it is
 * small enough.
 */
export type PassedEvent = z.infer<typeof passedEvent>;

/**
 * What event managers publish to each other about themselves and about events with viewers. `watches`: all viewers at
 * `manager`, published periodically; events for them are to be sent to `queue`. `passed`: events that have passed at
 * another manager, and the number of further ones.
 */
export type ManagerMessage = z.infer<typeof message>;

export function encodeManagerMessage(encoded: ManagerMessage): Buffer {
  return Buffer.from(JSON.stringify(encoded));
}

/** @throws DbEventError MESSAGE_MALFORMED */
export function decodeManagerMessage(body: Buffer): ManagerMessage {
  try {
    return message.parse(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw new DbEventError('MESSAGE_MALFORMED', 'Invalid message of an event manager', { cause: error });
  }
}
