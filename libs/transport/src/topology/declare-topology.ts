import type { QueueKind, Topology } from '../broker.port';
import { REPLY_EXCHANGE } from '../rpc/rpc-protocol';
import {
  CONTROL_QUEUE,
  EVENT_EXCHANGE,
  MANAGER_PARKED_QUEUE,
  MANAGER_QUEUE,
  MANAGER_ROUTING_KEY,
  PARKING_EXCHANGE,
  parkedQueueOf,
  pausedQueueOf,
  REDELIVERY_EXCHANGE,
  RETRY_DELAYS_MS,
  RETRY_LANES,
  retryLaneOf,
  serviceQueueOf,
} from './topology-names';

/**
 * Declares what all services share, and the manager's own queues. Idempotent. A manager's queue that the Java manager left
 * as a classic one stays one.
 */
export async function declareManagerTopology(topology: Topology): Promise<void> {
  for (const name of [EVENT_EXCHANGE, PARKING_EXCHANGE, REDELIVERY_EXCHANGE, REPLY_EXCHANGE]) {
    await topology.declareExchange({ name, type: 'topic' });
  }
  await declareRetryLevels(topology);
  await topology.declareQueue({
    name: MANAGER_PARKED_QUEUE,
    kind: 'quorum',
    bindings: [{ exchange: PARKING_EXCHANGE, routingKey: MANAGER_ROUTING_KEY }],
  });
  await topology.declareQueue({
    name: CONTROL_QUEUE,
    kind: 'quorum',
    bindings: [{ exchange: REDELIVERY_EXCHANGE, routingKey: CONTROL_QUEUE }],
  });
  await topology.declareQueue({
    name: MANAGER_QUEUE,
    kind: 'quorum',
    bindings: [
      { exchange: EVENT_EXCHANGE, routingKey: MANAGER_ROUTING_KEY },
      { exchange: REDELIVERY_EXCHANGE, routingKey: MANAGER_ROUTING_KEY },
    ],
  });
}

async function declareRetryLevels(topology: Topology): Promise<void> {
  for (const [level, delayMs] of RETRY_DELAYS_MS.entries()) {
    for (const [lane, part] of RETRY_LANES.entries()) {
      const name = retryLaneOf(level + 1, lane + 1);
      await topology.declareExchange({ name, type: 'fanout' });
      await topology.declareQueue({
        name,
        kind: 'quorum',
        messageTtlMs: Math.round(delayMs * part),
        deadLetter: { exchange: REDELIVERY_EXCHANGE },
        bindings: [{ exchange: name, routingKey: '' }],
      });
    }
  }
}

/**
 * Declares a service's queues; needs the manager's topology. Idempotent. A queue that the service declared itself, of
 * another kind, stays as it is.
 */
export async function declareServiceTopology(topology: Topology, service: string, kind: QueueKind): Promise<void> {
  await topology.declareQueue({
    name: parkedQueueOf(service),
    kind: 'quorum',
    bindings: [{ exchange: PARKING_EXCHANGE, routingKey: service }],
  });
  await topology.declareQueue({
    name: serviceQueueOf(service),
    kind,
    bindings: [{ exchange: REDELIVERY_EXCHANGE, routingKey: service }],
  });
}

/** Declares where the events of a paused subscription wait. Idempotent. */
export async function declarePausedQueue(topology: Topology, publisher: string, subscriber: string): Promise<void> {
  await topology.declareQueue({ name: pausedQueueOf(publisher, subscriber), kind: 'quorum', isSingleActive: true });
}
