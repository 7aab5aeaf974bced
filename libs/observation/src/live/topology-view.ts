import { isPaused, type Subscription } from '@dbem/db-event';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { parkedQueueOf, pausedQueueOf, serviceQueueOf } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { FlowRecorder } from '../flow/flow-recorder';
import { type InstanceReport, InstanceReports } from '../status/instance-reports';
import { ManagerReports } from '../status/manager-reports';
import { Backfills } from './backfills';
import { instanceOf, managerNodeOf } from './instance-of';
import { outboxOf } from './outbox-of';
import { QueueLevels } from './queue-levels';
import { rounded } from './rounded';
import {
  EDGE_STATES,
  type Edge,
  type EdgeState,
  type ServiceHealth,
  type ServiceNode,
  type Topology,
} from './topology';
import { troublesOf } from './troubles-of';

interface Service {
  readonly node: ServiceNode;
  readonly instances: readonly InstanceReport[];
}

/** Builds the topology of the whole system from what this manager knows at the moment, without any requests. */
@Injectable()
export class TopologyView {
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly services: InstanceReports,
    private readonly managers: ManagerReports,
    private readonly levels: QueueLevels,
    private readonly backfills: Backfills,
    private readonly flow: FlowRecorder,
  ) {}

  build(nowMs: number): Omit<Topology, 'revision'> {
    const { map } = this.registry;
    const subscriptions = map.subscriptions();
    const services = this.servicesOf(subscriptions, nowMs);
    const inPerS = this.managers.forwardedPerS(nowMs);
    const parking = parkingOf(services);
    const { intake } = this.levels;
    const parts = {
      managers: this.managers.list(nowMs).map(managerNodeOf),
      ...(intake !== undefined && { intake }),
      services: [...services.values()].map(({ node }) => node),
      edges: subscriptions.map((subscription) => this.edgeOf(subscription, services, inPerS, parking, nowMs)),
    };
    const unavailable = this.managers.unavailableQueues(nowMs);
    return { at: new Date(nowMs).toISOString(), ...parts, troubles: troublesOf({ ...parts, unavailable, nowMs }) };
  }

  private servicesOf(subscriptions: readonly Subscription[], nowMs: number): Map<string, Service> {
    const publishers = new Set(subscriptions.map(({ publisher }) => publisher));
    const subscribers = new Set(subscriptions.map(({ subscriber }) => subscriber));
    const names = [...new Set([...publishers, ...subscribers, ...this.services.names()])].sort();
    return new Map(
      names.map((name) => {
        const instances = this.services.instancesOf(name, nowMs);
        return [name, { node: this.nodeOf(name, instances, publishers.has(name), subscribers.has(name)), instances }];
      }),
    );
  }

  private nodeOf(
    name: string,
    instances: readonly InstanceReport[],
    hasSubscribers: boolean,
    isSubscribed: boolean,
  ): ServiceNode {
    const queue = this.levels.of(serviceQueueOf(name));
    const parked = this.levels.of(parkedQueueOf(name))?.messages ?? 0;
    const outbox = outboxOf(instances);
    return {
      name,
      isPublisher: hasSubscribers || outbox !== undefined,
      isSubscriber: isSubscribed || instances.some(({ status }) => (status.received ?? []).length > 0),
      health: healthOf(instances),
      instances: instances.map(instanceOf),
      ...(queue !== undefined && { queue }),
      ...(parked > 0 && { parked }),
      ...(outbox !== undefined && { outbox }),
    };
  }

  private edgeOf(
    subscription: Subscription,
    services: ReadonlyMap<string, Service>,
    inPerS: (publisher: string, subscriber: string) => number,
    parking: ReadonlySet<string>,
    nowMs: number,
  ): Edge {
    const { publisher, subscriber, entityTypes } = subscription;
    const service = services.get(subscriber);
    const { queue, parked = 0 } = service?.node ?? {};
    const waiting = isPaused(subscription) ? this.levels.of(pausedQueueOf(publisher, subscriber)) : queue;
    const received = service?.instances.flatMap(({ status }) => status.received?.filter(isOf(publisher)) ?? []) ?? [];
    const versionsBehind = behind(services.get(publisher)?.instances ?? [], received);
    const last = newestOf(received);
    const p50 = this.flow.recentLagMs({ publisher, subscriber }, 0.5, nowMs);
    const p99 = this.flow.recentLagMs({ publisher, subscriber }, 0.99, nowMs);
    const [state = 'flowing', ...also] = statesOf(subscription, {
      isUnconsumed: service !== undefined && service.node.queue !== undefined && service.node.queue.consumers === 0,
      isBackfilling: this.backfills.isUnderWay(publisher, subscriber),
      hasParked: parked > 0 && (parking.has(`${publisher}~${subscriber}`) || !parking.has(`~${subscriber}`)),
    });
    return {
      publisher,
      subscriber,
      ...(entityTypes !== undefined && { entityTypes }),
      state,
      ...(also.length > 0 && { also }),
      inPerS: rounded(inPerS(publisher, subscriber)),
      outPerS: rounded(
        service?.instances.reduce((sum, instance) => sum + instance.acknowledgedPerS(publisher), 0) ?? 0,
      ),
      ...(p50 !== undefined && { lagP50Ms: rounded(p50) }),
      ...(p99 !== undefined && { lagP99Ms: rounded(p99) }),
      ...(last?.lastLagMs !== undefined && { lastLagMs: last.lastLagMs }),
      depth: waiting?.events ?? 0,
      consumers: queue?.consumers ?? 0,
      parked,
      ...(versionsBehind !== undefined && { versionsBehind }),
    };
  }
}

type Received = NonNullable<InstanceReport['status']['received']>[number];

function isOf(publisher: string) {
  return (received: Received) => received.publisher === publisher;
}

function newestOf(received: readonly Received[]): Received | undefined {
  return received.reduce<Received | undefined>(
    (newest, one) => ((one.lastReceivedAtMs ?? 0) > (newest?.lastReceivedAtMs ?? 0) ? one : newest),
    undefined,
  );
}

/** Instances report different versions: the newest of the publisher and the newest of the subscriber count. */
function behind(publishers: readonly InstanceReport[], received: readonly Received[]): number | undefined {
  const published = greatest(publishers.map(({ status }) => status.outbox?.version));
  const applied = greatest(received.map(({ version }) => version));
  return published === undefined || applied === undefined ? undefined : Math.max(published - applied, 0);
}

function greatest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function healthOf(instances: readonly InstanceReport[]): ServiceHealth {
  if (instances.length === 0) return 'unknown';
  const live = instances.filter(({ isGone }) => !isGone);
  if (live.length === 0) return 'gone';
  return live.every(({ status }) => status.isReady) ? 'ready' : 'unready';
}

/**
 * The subscriptions with parked events, as reported, and, after a `~`, the subscribers that report any. If a subscriber
 * has parked events but reports no publisher for them, they are attributed to all of its subscriptions.
 */
function parkingOf(services: ReadonlyMap<string, Service>): ReadonlySet<string> {
  const parking = new Set<string>();
  for (const [subscriber, { instances }] of services) {
    for (const { publisher, parked } of instances.flatMap(({ status }) => status.received ?? [])) {
      if (parked === 0) continue;
      parking.add(`${publisher}~${subscriber}`);
      parking.add(`~${subscriber}`);
    }
  }
  return parking;
}

function statesOf(
  subscription: Subscription,
  { isUnconsumed, isBackfilling, hasParked }: Readonly<Record<'isUnconsumed' | 'isBackfilling' | 'hasParked', boolean>>,
): EdgeState[] {
  const isInState: Partial<Record<EdgeState, boolean>> = {
    expired: subscription.expiry !== undefined,
    unconsumed: isUnconsumed,
    paused: isPaused(subscription),
    backfilling: isBackfilling,
    parked: hasParked,
  };
  return EDGE_STATES.filter((state) => isInState[state] === true);
}
