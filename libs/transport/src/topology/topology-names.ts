import { createHash } from 'node:crypto';

/**
 * Names of exchanges, queues and routing keys. The first three belong to the wire contract, the others are internal.
 * [exchange], (queue), --routing key-->:
 *
 *   legacy publishers --db.event--> [db.event.exchange] --> (db.event.queue), single messages --> manager
 *   publishers --events--> [db.event.intake] --> (db.event.intake.queue), batches --> manager
 *   manager --queue name--> (<service>.queue), batches
 *   manager --queue name--> (db.event.lane.<queue>), batches of one --> one manager at a time --queue name-->
 *       (<queue>), single messages for a legacy service
 *   parked events --parked--> [<service>.failed] --> (<service>.parked)
 *   retried events --retry--> [<service>.failed] --> (<service>.retry) --<service>--> [db.event.retry], by lane header
 *       --> (db.event.retry.<level>.<lane>), waits --<service>--> [db.event.redelivery] --> (db.event.retried)
 *       --> manager
 *   events that a queue does not take at the moment --queue name--> (db.event.overflow.<queue>), batches --> manager
 *   elements of a redelivered batch --alone--> [<service>.failed] --> (<service>.queue)
 *
 * A service may only publish to its own `failed` exchange. Its retry queue replaces a message's routing keys by the
 * service's name, so the managers return the message to this service and to no other. Keys on these exchanges are
 * complete service names and bindings have no wildcards, so similar names never match.
 */
export const EVENT_EXCHANGE = 'db.event.exchange';
export const MANAGER_ROUTING_KEY = 'db.event';
export const MANAGER_QUEUE = 'db.event.queue';

/** Direct exchange for the publishers of this product, and its queue. Every message here is a batch. */
export const INTAKE_EXCHANGE = 'db.event.intake';
export const INTAKE_KEY = 'events';
export const INTAKE_QUEUE = 'db.event.intake.queue';

export const RETRY_EXCHANGE = 'db.event.retry';
export const REDELIVERY_EXCHANGE = 'db.event.redelivery';

/**
 * Where events leave the retry levels, with the service's name as the routing key. The managers return them to the
 * services: the lanes are shared, and hold few messages that their targets do not take.
 */
export const RETRIED_QUEUE = 'db.event.retried';

/**
 * The intake moves subscribe and unsubscribe requests here, so that no event waits while a change of the map is rolled
 * out to all managers. Also the routing key by which they return from a retry level.
 */
export const CONTROL_QUEUE = 'db.event.control';

/** Fanout exchange for the event managers' messages about changes of the map. Each manager has a queue bound to it. */
export const MAP_EXCHANGE = 'db.event.map';

export function mapQueueOf(managerId: string): string {
  return `db.event.map.${managerId}`;
}

/**
 * Fanout exchange for the services' status reports to the event managers. All services may publish here, so the
 * managers' own messages have another exchange.
 */
export const STATUS_EXCHANGE = 'db.event.status';

/** Fanout exchange for the managers' messages to each other: their status, and which events are watched. */
export const MANAGERS_EXCHANGE = 'db.event.managers';

/** An event manager's queue for both. */
export function statusQueueOf(managerId: string): string {
  return `db.event.status.${managerId}`;
}

/** The manager's own parked queue, named like a service's. */
export const MANAGER_PARKED_QUEUE = parkedQueueOf(MANAGER_ROUTING_KEY);

/** Delay of each retry level before jitter, ms. */
export const RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000] as const;

/**
 * The jitter: each retry level has several lanes (queues), of which a message gets a random one. All messages of a
 * lane wait equally long, the level's delay times this factor, so that none is blocked by the one before it.
 */
export const RETRY_LANES = [0.7, 1, 1.3] as const;

export function serviceQueueOf(service: string): string {
  return `${service}.queue`;
}

/**
 * The queue for the events of a paused subscription. Service names contain no `~`, so each pair has its own queue. A
 * name too long for RabbitMQ is replaced by its digest.
 */
export function pausedQueueOf(publisher: string, subscriber: string): string {
  return shortened('db.event.paused.', `${publisher}~${subscriber}`);
}

function shortened(prefix: string, rest: string): string {
  const name = `${prefix}${rest}`;
  if (name.length <= 255) return name;
  return `${prefix}~${createHash('sha256').update(name).digest('hex')}`;
}

/** The queue for events that the given queue does not take at the moment. */
export function overflowQueueOf(queue: string): string {
  return shortened('db.event.overflow.', queue);
}

/** The queue in which the events for the queue of a legacy service are put in order. */
export function laneQueueOf(queue: string): string {
  return shortened('db.event.lane.', queue);
}

/** The queue for events that an overflow queue does not take either, of all destinations. */
export const FALLBACK_QUEUE = 'db.event.fallback';

/** The queue in which the managers keep what has a queue for waiting events. */
export const WAITING_DIRECTORY_QUEUE = 'db.event.waiting';

export function parkedQueueOf(service: string): string {
  return `${service}.parked`;
}

/** Direct exchange to which a queue's owner (a service or the manager) publishes messages that it can't handle now. */
export function failedExchangeOf(owner: string): string {
  return `${owner}.failed`;
}

/** The routing keys of a failed exchange. */
export const PARKED_KEY = 'parked';
export const RETRY_KEY = 'retry';
export const ALONE_KEY = 'alone';

/** Replaces the routing keys of messages to be retried by their owner's name. They do not wait here, but in a lane. */
export function retryQueueOf(owner: string): string {
  return `${owner}.retry`;
}

/** The queue of a lane of a retry level, both counted from 1. */
export function retryLaneOf(level: number, lane: number): string {
  return `${RETRY_EXCHANGE}.${level}.${lane}`;
}

/** The header with the name of the message's lane. Without `x-`, because headers exchanges ignore such headers. */
export const LANE_HEADER = 'dbem-lane';
