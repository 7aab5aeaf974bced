import { type Subscription, SubscriptionMap } from '@dbem/db-event';
import type { ReconcileRun } from '@dbem/reconcile';
import { SILENT_LOG } from '@dbem/runtime';
import { InMemorySubscriptionRegistry } from '@dbem/subscription-registry';
import { InMemoryBroker, pausedQueueOf, QueueContents, type ReceivedStatus, type ServiceStatus } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FlowRecorder } from '../flow/flow-recorder';
import { InstanceReports } from '../status/instance-reports';
import { ManagerReports } from '../status/manager-reports';
import { Backfills } from './backfills';
import { QueueLevels } from './queue-levels';
import { TopologyView } from './topology-view';
import { Viewers } from './viewers';

const NOW = 1_800_000_000_000;

function received(publisher: string, parts: Partial<ReceivedStatus> = {}): ReceivedStatus {
  return { publisher, applied: 0, stale: 0, deferred: 0, retried: 0, parked: 0, ...parts };
}

function status(service: string, parts: Partial<ServiceStatus> = {}): ServiceStatus {
  return { service, instance: `${service} 1`, software: '1', startedAtMs: 0, isReady: true, reasons: [], ...parts };
}

describe('TopologyView', () => {
  let broker: InMemoryBroker;
  let registry: InMemorySubscriptionRegistry;
  let services: InstanceReports;
  let runs: Pick<ReconcileRun, 'publisher' | 'subscriber' | 'kind' | 'state'>[];
  let parts: { stop(): Promise<void> }[];
  let view: TopologyView;

  beforeEach(async () => {
    vi.useFakeTimers();
    broker = new InMemoryBroker();
    registry = new InMemorySubscriptionRegistry();
    await Promise.all([broker.start(), registry.start()]);
    runs = [];
    const flow = new FlowRecorder(registry);
    const viewers = new Viewers();
    const leave = viewers.add();
    const levels = new QueueLevels(broker, new QueueContents(), registry, viewers, flow, SILENT_LOG);
    const backfills = new Backfills({ underWay: async () => runs as ReconcileRun[] }, viewers, SILENT_LOG);
    services = new InstanceReports(flow);
    view = new TopologyView(registry, services, new ManagerReports(registry, flow), levels, backfills, flow);
    parts = [{ stop: async () => leave() }, levels, backfills, registry, broker];
    await Promise.all([levels.start(), backfills.start()]);
  });

  afterEach(async () => {
    for (const part of parts) await part.stop();
    vi.useRealTimers();
  });

  async function subscribed(subscription: Subscription): Promise<void> {
    await registry.put(subscription);
    await queue(`${subscription.subscriber}.queue`);
    await queue(`${subscription.subscriber}.parked`);
  }

  const queue = (name: string) => broker.topology.declareQueue({ name, kind: 'quorum' });
  const put = (name: string) => broker.publish({ exchange: '', routingKey: name, body: Buffer.from('x') });
  const consume = (name: string) => broker.consume(name, () => new Promise(() => {}), { prefetch: 1 });
  const edgeOf = (publisher: string, subscriber: string) =>
    view.build(NOW).edges.find((edge) => edge.publisher === publisher && edge.subscriber === subscriber);
  /** Waits longer than the polling intervals of queues and runs. */
  async function eventually(read: () => unknown, expected: object): Promise<void> {
    await vi.advanceTimersByTimeAsync(3_000);
    expect(read()).toMatchObject(expected);
  }

  it('The topology lists publishers, subscribers and subscriptions, also of services without status reports', async () => {
    await subscribed({ publisher: 'profile', subscriber: 'sharing', entityTypes: ['TENANT'] });
    consume('sharing.queue');
    await eventually(() => edgeOf('profile', 'sharing'), { state: 'flowing', consumers: 1, entityTypes: ['TENANT'] });
    expect(view.build(NOW).services).toMatchObject([
      { name: 'profile', isPublisher: true, isSubscriber: false, health: 'unknown', instances: [] },
      { name: 'sharing', isPublisher: false, isSubscriber: true, health: 'unknown', queue: { consumers: 1 } },
    ]);
  });

  it('The topology shows each instance as it reports itself, and as gone once its reports time out', () => {
    services.receive(status('profile', { outbox: { depth: 4, oldestAgeMs: 9, published: 0, clockOffsetMs: 1 } }), NOW);
    services.receive(status('sharing', { isReady: false, reasons: ['database: away'] }), NOW);
    services.receive(status('gone'), NOW - 60_000);
    expect(view.build(NOW).services).toMatchObject([
      { name: 'gone', health: 'gone', instances: [{ state: 'gone', lastReceivedAt: expect.any(String) }] },
      { name: 'profile', health: 'ready', isPublisher: true, outbox: { depth: 4, oldestAgeMs: 9 } },
      { name: 'sharing', health: 'unready', instances: [{ state: 'unready', reasons: ['database: away'] }] },
    ]);
  });

  it('A subscription whose queue has no consumer is unconsumed, with the depth of its queue', async () => {
    await subscribed({ publisher: 'profile', subscriber: 'sharing' });
    await put('sharing.queue');
    await eventually(() => edgeOf('profile', 'sharing'), { state: 'unconsumed', consumers: 0, depth: 1 });
  });

  it('A paused subscription is shown with the depth of its own queue', async () => {
    await subscribed({ publisher: 'profile', subscriber: 'sharing' });
    await registry.update('profile', 'sharing', (present) => ({ ...present, pauses: [{ by: 'ada', sinceMs: 1 }] }));
    const paused = pausedQueueOf('profile', 'sharing');
    await queue(paused);
    for (let number = 0; number < 3; number += 1) await put(paused);
    consume('sharing.queue');
    await eventually(() => edgeOf('profile', 'sharing'), { state: 'paused', depth: 3 });
  });

  it('A subscription with a running backfill is backfilling, and one with a running audit is not', async () => {
    await subscribed({ publisher: 'profile', subscriber: 'sharing' });
    await subscribed({ publisher: 'profile', subscriber: 'registry' });
    for (const subscriber of ['sharing', 'registry']) consume(`${subscriber}.queue`);
    runs.push(
      { publisher: 'profile', subscriber: 'sharing', kind: 'backfill', state: 'running' },
      { publisher: 'profile', subscriber: 'registry', kind: 'audit', state: 'running' },
    );
    await eventually(() => edgeOf('profile', 'sharing'), { state: 'backfilling' });
    await eventually(() => edgeOf('profile', 'registry'), { state: 'flowing' });
  });

  it('Parked events are shown at the publisher that the subscriber reports, or else at all its subscriptions', async () => {
    await subscribed({ publisher: 'profile', subscriber: 'sharing' });
    await subscribed({ publisher: 'registry', subscriber: 'sharing' });
    consume('sharing.queue');
    await put('sharing.parked');
    await eventually(() => edgeOf('registry', 'sharing'), { state: 'parked', parked: 1 });
    expect(edgeOf('profile', 'sharing')).toMatchObject({ state: 'parked', parked: 1 });
    services.receive(status('sharing', { received: [received('profile', { parked: 1 }), received('registry')] }), NOW);
    expect(edgeOf('profile', 'sharing')).toMatchObject({ state: 'parked', parked: 1 });
    expect(edgeOf('registry', 'sharing')).toMatchObject({ state: 'flowing', parked: 1 });
  });

  it('A subscription in several states is shown with the most severe first', async () => {
    await subscribed({ publisher: 'profile', subscriber: 'sharing' });
    await registry.update('profile', 'sharing', (present) => ({
      ...present,
      pauses: [{ by: 'ada', sinceMs: 1 }],
      expiry: { sinceMs: 1, state: 'returned' },
    }));
    await put('sharing.parked');
    await eventually(() => edgeOf('profile', 'sharing'), {
      state: 'expired',
      also: ['unconsumed', 'paused', 'parked'],
    });
  });

  it('Versions behind are counted from the newest version that any instance reports', async () => {
    await subscribed({ publisher: 'profile', subscriber: 'sharing' });
    const outbox = { depth: 0, oldestAgeMs: 0, published: 0, clockOffsetMs: 0 };
    services.receive(status('profile', { outbox: { ...outbox, version: 100 } }), NOW);
    services.receive(status('profile', { instance: 'other', outbox: { ...outbox, version: 110 } }), NOW);
    expect(edgeOf('profile', 'sharing')).not.toHaveProperty('versionsBehind');
    services.receive(
      status('sharing', { received: [received('profile', { version: 90, lastLagMs: 9, lastReceivedAtMs: 5 })] }),
      NOW,
    );
    services.receive(
      status('sharing', {
        instance: 'b',
        received: [received('profile', { version: 104, lastLagMs: 3, lastReceivedAtMs: 7 })],
      }),
      NOW,
    );
    expect(edgeOf('profile', 'sharing')).toMatchObject({ versionsBehind: 6, lastLagMs: 3 });
  });

  it('The topology of an empty system is empty', () => {
    expect(registry.map).toBe(SubscriptionMap.EMPTY);
    expect(view.build(NOW)).toMatchObject({ managers: [], services: [], edges: [] });
  });
});
