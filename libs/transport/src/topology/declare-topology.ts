import type { QueueKind, Topology } from '../broker.port';
import { REPLY_EXCHANGE } from '../requests/request-wire';
import {
  ALONE_KEY,
  CONTROL_QUEUE,
  EVENT_EXCHANGE,
  FALLBACK_QUEUE,
  failedExchangeOf,
  INTAKE_EXCHANGE,
  INTAKE_KEY,
  INTAKE_QUEUE,
  LANE_HEADER,
  laneQueueOf,
  MANAGER_PARKED_QUEUE,
  MANAGER_QUEUE,
  MANAGER_ROUTING_KEY,
  MANAGERS_EXCHANGE,
  overflowQueueOf,
  PARKED_KEY,
  parkedQueueOf,
  pausedQueueOf,
  REDELIVERY_EXCHANGE,
  RETRIED_QUEUE,
  RETRY_DELAYS_MS,
  RETRY_EXCHANGE,
  RETRY_KEY,
  RETRY_LANES,
  retryLaneOf,
  retryQueueOf,
  STATUS_EXCHANGE,
  serviceQueueOf,
  WAITING_DIRECTORY_QUEUE,
} from './topology-names';

/**
 * Declares what all services share, and the manager's own queues. Idempotent. A manager queue that the Java manager
 * declared as a classic queue stays classic.
 */
export async function declareManagerTopology(topology: Topology): Promise<void> {
  for (const name of [EVENT_EXCHANGE, REDELIVERY_EXCHANGE, REPLY_EXCHANGE]) {
    await topology.declareExchange({ name, type: 'topic' });
  }
  for (const name of [STATUS_EXCHANGE, MANAGERS_EXCHANGE]) await topology.declareExchange({ name, type: 'fanout' });
  await topology.declareExchange({ name: RETRY_EXCHANGE, type: 'headers' });
  await declareRetryLanes(topology);
  await declareParking(topology, MANAGER_ROUTING_KEY, MANAGER_PARKED_QUEUE);
  await declareRetries(topology, CONTROL_QUEUE);
  await topology.declareQueue({
    name: CONTROL_QUEUE,
    kind: 'quorum',
    bindings: [{ exchange: REDELIVERY_EXCHANGE, routingKey: CONTROL_QUEUE }],
  });
  await topology.declareQueue({ name: WAITING_DIRECTORY_QUEUE, kind: 'quorum' });
  await declareRetriedQueue(topology);
  await topology.declareExchange({ name: INTAKE_EXCHANGE, type: 'direct' });
  await topology.declareQueue({
    name: INTAKE_QUEUE,
    kind: 'quorum',
    bindings: [{ exchange: INTAKE_EXCHANGE, routingKey: INTAKE_KEY }],
  });
  await topology.declareQueue({
    name: MANAGER_QUEUE,
    kind: 'quorum',
    isSingleActive: true,
    bindings: [{ exchange: EVENT_EXCHANGE, routingKey: MANAGER_ROUTING_KEY }],
  });
}

/**
 * Declares a service's queues. Requires the manager's topology. Idempotent. A queue that the service declared itself
 * keeps its kind.
 */
export async function declareServiceTopology(topology: Topology, service: string, kind: QueueKind): Promise<void> {
  await declareParking(topology, service, parkedQueueOf(service));
  await declareRetries(topology, service);
  await topology.declareQueue({
    name: RETRIED_QUEUE,
    kind: 'quorum',
    bindings: [{ exchange: REDELIVERY_EXCHANGE, routingKey: service }],
  });
  await topology.declareQueue({
    name: serviceQueueOf(service),
    kind,
    bindings: [{ exchange: failedExchangeOf(service), routingKey: ALONE_KEY }],
  });
}

/** Declares the queue for the events of a paused subscription. Idempotent. */
export async function declarePausedQueue(topology: Topology, publisher: string, subscriber: string): Promise<void> {
  await topology.declareQueue({ name: pausedQueueOf(publisher, subscriber), kind: 'quorum', isSingleActive: true });
}

/** Declares the overflow queue of a queue. Idempotent. */
export async function declareOverflowQueue(topology: Topology, queue: string): Promise<void> {
  await topology.declareQueue({ name: overflowQueueOf(queue), kind: 'quorum', isLeaderLocal: true });
}

/** Declares the lane of a legacy service's queue. Idempotent. */
export async function declareLaneQueue(topology: Topology, queue: string): Promise<void> {
  await topology.declareQueue({ name: laneQueueOf(queue), kind: 'quorum', isSingleActive: true });
}

/** Declares the queue for events that an overflow queue does not take. Idempotent. */
export async function declareFallbackQueue(topology: Topology): Promise<void> {
  await topology.declareQueue({ name: FALLBACK_QUEUE, kind: 'quorum' });
}

/** Declares the queue for events that leave the retry levels. Idempotent. */
export async function declareRetriedQueue(topology: Topology): Promise<void> {
  await topology.declareQueue({ name: RETRIED_QUEUE, kind: 'quorum' });
}

async function declareRetryLanes(topology: Topology): Promise<void> {
  for (const [level, delayMs] of RETRY_DELAYS_MS.entries()) {
    for (const [lane, factor] of RETRY_LANES.entries()) {
      const name = retryLaneOf(level + 1, lane + 1);
      await topology.declareQueue({
        name,
        kind: 'quorum',
        messageTtlMs: Math.round(delayMs * factor),
        deadLetter: { exchange: REDELIVERY_EXCHANGE },
        bindings: [{ exchange: RETRY_EXCHANGE, routingKey: '', headers: { [LANE_HEADER]: name } }],
      });
    }
  }
}

async function declareParking(topology: Topology, owner: string, queue: string): Promise<void> {
  const exchange = failedExchangeOf(owner);
  await topology.declareExchange({ name: exchange, type: 'direct' });
  await topology.declareQueue({ name: queue, kind: 'quorum', bindings: [{ exchange, routingKey: PARKED_KEY }] });
}

/** The retry queue dead-letters its messages at once, which replaces their routing keys by the owner's name. */
async function declareRetries(topology: Topology, owner: string): Promise<void> {
  const exchange = failedExchangeOf(owner);
  await topology.declareExchange({ name: exchange, type: 'direct' });
  await topology.declareQueue({
    name: retryQueueOf(owner),
    kind: 'quorum',
    messageTtlMs: 0,
    deadLetter: { exchange: RETRY_EXCHANGE, routingKey: owner },
    bindings: [{ exchange, routingKey: RETRY_KEY }],
  });
}
