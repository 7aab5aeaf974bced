import { MANAGER_SERVICE_NAME } from '@dbem/db-event';
import type { Log } from '@dbem/runtime';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import { addSampledGauge, type Sample } from '@dbem/telemetry';
import {
  type Broker,
  CONTROL_QUEUE,
  FALLBACK_QUEUE,
  INTAKE_QUEUE,
  MANAGER_QUEUE,
  parkedQueueOf,
  type QueueContents,
  type QueueState,
  RETRIED_QUEUE,
  RETRY_DELAYS_MS,
  RETRY_LANES,
  retryLaneOf,
  serviceQueueOf,
} from '@dbem/transport';
import type { Registry } from 'prom-client';

interface ObservedQueue {
  readonly queue: string;
  /** `intake`, `control`, `fallback`, `retry`, `service` or `parked`. */
  readonly kind: string;
}

/**
 * Adds gauges for the depth, in messages and estimated in events, and for the consumers of the managers' queues and of
 * the queues of every service in the map. All managers report about the same values, so aggregate by maximum, not by
 * sum.
 */
export function addQueueGauges(
  metrics: Registry,
  broker: Broker,
  contents: QueueContents,
  registry: SubscriptionRegistry,
  log: Log,
): void {
  let inspecting: ReturnType<typeof inspectAll> | undefined;
  /** The gauges of one scrape share the answers. */
  const inspect = () => {
    inspecting ??= inspectAll(broker, queuesOf(registry.map.subscriberNames())).finally(() => {
      inspecting = undefined;
    });
    return inspecting;
  };
  addSampledGauge(metrics, {
    name: 'dbem_queue_messages',
    help: 'Messages ready in a queue, without delivered but unacknowledged ones.',
    labelNames: ['queue', 'kind'],
    log,
    sample: async () => toSamples(await inspect(), ({ messages }) => messages),
  });
  addSampledGauge(metrics, {
    name: 'dbem_queue_events',
    help: 'Events ready in a queue, estimated from the number of messages and what this manager last sent or received.',
    labelNames: ['queue', 'kind'],
    log,
    sample: async () => toSamples(await inspect(), ({ messages }, { queue }) => contents.eventsIn(queue, messages)),
  });
  addSampledGauge(metrics, {
    name: 'dbem_queue_consumers',
    help: 'Consumers of a queue.',
    labelNames: ['queue', 'kind'],
    log,
    sample: async () => toSamples(await inspect(), ({ consumers }) => consumers),
  });
}

function queuesOf(services: readonly string[]): ObservedQueue[] {
  return [
    { queue: INTAKE_QUEUE, kind: 'intake' },
    { queue: MANAGER_QUEUE, kind: 'intake' },
    { queue: CONTROL_QUEUE, kind: 'control' },
    { queue: FALLBACK_QUEUE, kind: 'fallback' },
    ...RETRY_DELAYS_MS.flatMap((_delay, level) =>
      RETRY_LANES.map((_factor, lane) => ({ queue: retryLaneOf(level + 1, lane + 1), kind: 'retry' })),
    ),
    { queue: RETRIED_QUEUE, kind: 'retry' },
    { queue: parkedQueueOf(MANAGER_SERVICE_NAME), kind: 'parked' },
    ...services.flatMap((service) => [
      { queue: serviceQueueOf(service), kind: 'service' },
      { queue: parkedQueueOf(service), kind: 'parked' },
    ]),
  ];
}

async function inspectAll(broker: Broker, queues: readonly ObservedQueue[]) {
  const states = await Promise.all(queues.map(({ queue }) => broker.topology.inspectQueue(queue)));
  return queues.flatMap((observed, index) => {
    const state = states[index];
    return state === undefined ? [] : [{ observed, state }];
  });
}

function toSamples(
  found: readonly { readonly observed: ObservedQueue; readonly state: QueueState }[],
  read: (state: QueueState, observed: ObservedQueue) => number,
): Sample[] {
  return found.map(({ observed, state }) => ({ labels: { ...observed }, value: read(state, observed) }));
}
