import { CRUD_TYPES, DbEventError, ENTITY_TYPES } from '@dbem/db-event';
import { z } from 'zod';

/** Comes over the wire: what no event manager sends is refused, so that nothing made up can get far. */
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
 * How an event manager is, in its own words. `manager`: what its id among the map's members begins with. `isShuttingDown`: its last word,
 * it stops in good order. `received`: events taken from the managers' queue since its start, by publisher and entity type.
 */
export type ManagerStatus = z.infer<typeof status>;

/** Somebody wants to see events as they pass. */
export type Watch = z.infer<typeof watch>;

/** An event that passed, for those who watch; `body`: the message, in base64, if a watch wants the content and it is not too large. */
export type PassedEvent = z.infer<typeof passedEvent>;

/**
 * What event managers tell each other about themselves, and about events that somebody watches. `watches`: who watches at `manager`,
 * all of them, said again and again; what passes is to be sent to `queue`. `passed`: what has passed at another manager, and how much
 * more of it.
 */
export type ManagerMessage = z.infer<typeof message>;

export function encodeManagerMessage(told: ManagerMessage): Buffer {
  return Buffer.from(JSON.stringify(told));
}

/** @throws DbEventError MESSAGE_MALFORMED */
export function decodeManagerMessage(body: Buffer): ManagerMessage {
  try {
    return message.parse(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw new DbEventError('MESSAGE_MALFORMED', 'No event manager sends this', { cause: error });
  }
}
