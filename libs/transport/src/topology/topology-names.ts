import { createHash } from 'node:crypto';

/**
 * The names of the broker's objects. The first three are the wire contract's, the others are ours.
 *
 *   publishers --db.event--> [db.event.exchange] --> (db.event.queue) --> manager --by queue name--> (<service>.queue)
 *       (many events for the same several queues leave the manager by [db.event.fan-out.<n>], one for each manager)
 *   what can't be used    --parked--> [<service>.failed] --> (<service>.parked)
 *   what shall come again --retry--> [<service>.failed] --> (<service>.retry) --<service>--> [db.event.retry], by the lane in its header
 *       --> (db.event.retry.<level>.<lane>), waits --> [db.event.redelivery] --<service>--> (<service>.queue)
 *
 * A service may publish to its own exchange only. On its way through the service's retry queue a message loses whatever keys
 * it came with and gets the service's name for its only one, so it comes back to that service and to no other. Keys on our
 * exchanges are whole service names and bindings have no wildcards: similar names never match.
 */
export const EVENT_EXCHANGE = 'db.event.exchange';
export const MANAGER_ROUTING_KEY = 'db.event';
export const MANAGER_QUEUE = 'db.event.queue';

export const RETRY_EXCHANGE = 'db.event.retry';
export const REDELIVERY_EXCHANGE = 'db.event.redelivery';

/**
 * Where an intake puts requests to subscribe and to unsubscribe, so that waiting for all managers to agree holds up no
 * event. Also the key by which they come again from a retry level.
 */
export const CONTROL_QUEUE = 'db.event.control';

/** Direct: from where an event manager reaches several service queues by one publish. Each manager has one of its own; they count from 1. */
export function fanOutExchangeOf(place: number): string {
  return `db.event.fan-out.${place}`;
}

/** Fan-out: where event managers tell each other of changes of the map. Each manager has a queue of its own there. */
export const MAP_EXCHANGE = 'db.event.map';

export function mapQueueOf(managerId: string): string {
  return `db.event.map.${managerId}`;
}

/** Fan-out: where services tell the event managers how they are. Services may publish here, so nobody else's word comes this way. */
export const STATUS_EXCHANGE = 'db.event.status';

/** Fan-out: where event managers tell each other how they are, and which events somebody watches. Theirs alone. */
export const MANAGERS_EXCHANGE = 'db.event.managers';

/** Where an event manager hears both. */
export function statusQueueOf(managerId: string): string {
  return `db.event.status.${managerId}`;
}

/** The manager's own parked queue; the same form as a service's. */
export const MANAGER_PARKED_QUEUE = parkedQueueOf(MANAGER_ROUTING_KEY);

/** How long a message waits at each retry level, ms, before jitter. */
export const RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000] as const;

/**
 * The jitter: a level has several lanes, each a queue, and a message takes one by chance. A
 * lane's messages all wait equally long, this part of the level's delay, so that none is stuck behind another.
 */
export const RETRY_LANES = [0.7, 1, 1.3] as const;

export function serviceQueueOf(service: string): string {
  return `${service}.queue`;
}

/**
 * Where the events of a paused subscription wait. `~` is in no service's name, so no two pairs share a queue; a name that
 * RabbitMQ would refuse as too long is digested.
 */
export function pausedQueueOf(publisher: string, subscriber: string): string {
  const name = `db.event.paused.${publisher}~${subscriber}`;
  if (name.length <= 255) return name;
  return `db.event.paused.~${createHash('sha256').update(name).digest('hex')}`;
}

export function parkedQueueOf(service: string): string {
  return `${service}.parked`;
}

/** Where the owner of a queue (a service, or the manager for one of its own) puts what it could not handle; direct. */
export function failedExchangeOf(owner: string): string {
  return `${owner}.failed`;
}

/** The keys at an owner's exchange for what failed. */
export const PARKED_KEY = 'parked';
export const RETRY_KEY = 'retry';

/** Where messages to be tried again get their owner's name for their only key; they don't wait here. */
export function retryQueueOf(owner: string): string {
  return `${owner}.retry`;
}

/** The queue of a lane of a retry level; both count from 1. */
export function retryLaneOf(level: number, lane: number): string {
  return `${RETRY_EXCHANGE}.${level}.${lane}`;
}

/** The header by which a message gets into a lane; holds the lane's queue. Without `x-`: a headers exchange passes over those. */
export const LANE_HEADER = 'dbem-lane';
