import type { Lifecycle } from '@dbem/db-event';
import { SILENT_LOG } from '@dbem/platform';
import { Router } from '@dbem/routing';
import { InMemorySubscriptionRegistry, InMemorySubscriptionStore } from '@dbem/subscription-registry';
import {
  declareManagerTopology,
  declareServiceTopology,
  pausedQueueOf,
  RabbitMqBroker,
  serviceQueueOf,
} from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LapseKeeper } from '../../apps/event-manager/src/lapse/lapse-keeper';
import { MessageSizes } from '../../apps/event-manager/src/lapse/message-sizes';
import { AgreedMap } from '../../apps/event-manager/src/map/agreed-map';
import { LeftBehind } from '../../apps/event-manager/src/paused/left-behind';
import { PausedQueues } from '../../apps/event-manager/src/paused/paused-queues';
import type { ReconcileService } from '../../apps/event-manager/src/reconcile/reconcile.service';
import { SubscriptionDeliveries } from '../../apps/event-manager/src/subscriptions/subscription-deliveries';
import { type FreshVhost, freshVhost, waitFor } from '../support';

const PUBLISHER = 'registry';
const SERVICE = 'sharing';
const EVENTS = 2_000;

/** Registries that share a store agree by themselves. */
const mapOf = (registry: InMemorySubscriptionRegistry) => new AgreedMap(registry, { agree: async () => {} });

describe('A paused subscription', () => {
  let vhost: FreshVhost;
  let brokers: RabbitMqBroker[];
  let registries: InMemorySubscriptionRegistry[];
  let running: Lifecycle[];
  let store: InMemorySubscriptionStore;
  let received: number[];
  let sent: number;

  beforeEach(async () => {
    vhost = await freshVhost();
    store = new InMemorySubscriptionStore();
    brokers = [];
    registries = [];
    running = [];
    received = [];
    sent = 0;
    const { broker, registry } = await startManager();
    await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, SERVICE, 'quorum');
    await registry.put({ publisher: PUBLISHER, subscriber: SERVICE });
  });

  afterEach(async () => {
    await Promise.all(running.map((one) => one.stop()));
    await Promise.all(brokers.map((broker) => broker.stop()));
    await vhost.drop();
  });

  async function startManager() {
    const broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    const registry = new InMemorySubscriptionRegistry(store);
    await broker.start();
    await registry.start();
    await waitFor(() => broker.health().isConnected);
    brokers.push(broker);
    registries.push(registry);
    return { broker, registry };
  }

  async function startMoving({ broker, registry }: Awaited<ReturnType<typeof startManager>>) {
    const queues = new PausedQueues(broker, mapOf(registry), SILENT_LOG, { checkIntervalMs: 50, settleMs: 1_000 });
    running.push(queues);
    await queues.start();
    return queues;
  }

  const first = () => ({
    broker: brokers[0] as RabbitMqBroker,
    registry: registries[0] as InMemorySubscriptionRegistry,
  });
  const rebuild = vi.fn(async () => {});
  const reconcile = { rebuild } as unknown as ReconcileService;
  const deliveries = () => new SubscriptionDeliveries(mapOf(first().registry), first().broker, reconcile);
  const router = new Router(serviceQueueOf, pausedQueueOf);
  const stateNow = () => first().registry.map.get(PUBLISHER, SERVICE)?.delivery;

  /** As a manager forwards. */
  async function forward(count: number) {
    for (let index = 0; index < count; index += 1) {
      const { queues } = router.route({ publisher: PUBLISHER, entityType: 'PROJECT' }, first().registry.map);
      sent += 1;
      await first().broker.publish({ exchange: '', routingKey: queues[0] as string, body: Buffer.from(String(sent)) });
    }
  }

  function consume() {
    first().broker.consume(serviceQueueOf(SERVICE), async (batch) => {
      for (const { body } of batch) received.push(Number(body.toString()));
    });
  }

  const firstSeen = () => [...new Set(received)];
  const inOrder = () => Array.from({ length: sent }, (_, index) => index + 1);

  it('keeps its events apart until it is resumed, then hands them over in their order, and is live again', async () => {
    consume();
    await startMoving(first());
    await forward(3);
    await waitFor(() => received.length === 3);
    expect((await deliveries().pause(PUBLISHER, SERVICE)).delivery).toBe('paused');
    await forward(300);
    expect((await first().broker.topology.inspectQueue(pausedQueueOf(PUBLISHER, SERVICE)))?.messages).toBe(300);
    expect(received).toHaveLength(3);
    await deliveries().resume(PUBLISHER, SERVICE);
    await waitFor(() => firstSeen().length === 303);
    await waitFor(() => stateNow() === undefined);
    await forward(3);
    await waitFor(() => firstSeen().length === sent);
    expect(firstSeen()).toEqual(inOrder());
  });

  it('may be paused again while it is being resumed', async () => {
    await startMoving(first());
    await deliveries().pause(PUBLISHER, SERVICE);
    await forward(5);
    await deliveries().resume(PUBLISHER, SERVICE);
    await deliveries().pause(PUBLISHER, SERVICE);
    const before = (await first().broker.topology.inspectQueue(serviceQueueOf(SERVICE)))?.messages ?? 0;
    await forward(5);
    expect(stateNow()).toBe('paused');
    expect((await first().broker.topology.inspectQueue(serviceQueueOf(SERVICE)))?.messages).toBeLessThanOrEqual(
      Math.max(before, 5),
    );
  });

  it('loses nothing when the manager that moves its events goes away in the middle', async () => {
    await deliveries().pause(PUBLISHER, SERVICE);
    await Promise.all(Array.from({ length: 20 }, () => forward(EVENTS / 20)));
    consume();
    const other = await startManager();
    await startMoving(other);
    await startMoving(first());
    await deliveries().resume(PUBLISHER, SERVICE);
    await waitFor(() => received.length > 0);
    // As a crash: what it held and had not acknowledged goes back.
    await other.broker.stop();
    await waitFor(() => firstSeen().length === EVENTS, { timeoutMs: 60_000 });
    await waitFor(() => stateNow() === undefined, { timeoutMs: 60_000 });
  });

  describe('that is paused for too long', () => {
    const LIMIT = 50;
    let keepers: LapseKeeper[];

    beforeEach(async () => {
      rebuild.mockClear();
      keepers = [];
      await first().registry.put({ publisher: PUBLISHER, subscriber: SERVICE, entityTypes: ['PROJECT'] });
      await deliveries().pause(PUBLISHER, SERVICE);
    });

    afterEach(async () => {
      await Promise.all(keepers.map((keeper) => keeper.stop()));
    });

    async function keepLimit() {
      const { broker, registry } = first();
      const options = {
        limit: { maxMessages: LIMIT, maxBytes: 1e9 },
        sizes: new MessageSizes(),
        agree: async () => {},
      };
      const keeper = new LapseKeeper(broker, registry, { ...options, log: SILENT_LOG });
      keepers.push(keeper);
      await keeper.start();
    }

    const lapseNow = () => first().registry.map.get(PUBLISHER, SERVICE)?.lapse;
    const messagesIn = async (queue: string) => (await first().broker.topology.inspectQueue(queue))?.messages;
    const dropped = () => waitFor(() => lapseNow()?.state === 'dropped', { what: 'the subscription to be dropped' });

    it('lapses alone past the backlog limit, and is live and repaired when it is resumed', async () => {
      await first().registry.put({ publisher: 'tenant', subscriber: SERVICE });
      await forward(LIMIT + 10);
      await first().broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body: Buffer.from('0') });
      await keepLimit();
      await dropped();
      expect(lapseNow()).toMatchObject({ ofPaused: true });
      expect(await messagesIn(pausedQueueOf(PUBLISHER, SERVICE))).toBeUndefined();
      expect(await messagesIn(serviceQueueOf(SERVICE))).toBe(1);
      const route = (publisher: string) => router.route({ publisher, entityType: 'PROJECT' }, first().registry.map);
      expect(route(PUBLISHER).services).toEqual([]);
      expect(route('tenant').services).toEqual([SERVICE]);

      await startMoving(first());
      const resumed = await deliveries().resume(PUBLISHER, SERVICE);
      expect(resumed).toMatchObject({ lapse: { state: 'returned' } });
      expect(resumed.delivery).toBeUndefined();
      expect(rebuild).toHaveBeenCalledExactlyOnceWith(PUBLISHER, SERVICE, ['PROJECT']);
      await forward(1);
      expect(await messagesIn(serviceQueueOf(SERVICE))).toBe(2);
    });

    it('has its lapse finished by another manager when the one that began it dies', async () => {
      await forward(5);
      const lapse = { sinceMs: 7, state: 'dropping', by: 'somebody who died', ofPaused: true } as const;
      await first().registry.update(PUBLISHER, SERVICE, (present) => ({ ...present, lapse }));
      await expect(deliveries().resume(PUBLISHER, SERVICE)).rejects.toMatchObject({ code: 'SUBSCRIPTION_LAPSING' });
      await keepLimit();
      await dropped();
      expect(lapseNow()).toEqual({ sinceMs: 7, state: 'dropped', ofPaused: true });
      expect(await messagesIn(serviceQueueOf(SERVICE))).toBe(0);
    });

    it('loses what waits for it with all else when the service itself lapses', async () => {
      await forward(5);
      const full = Array.from({ length: LIMIT + 1 }, () =>
        first().broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body: Buffer.from('0') }),
      );
      await Promise.all(full);
      await keepLimit();
      await dropped();
      expect(lapseNow()?.ofPaused).toBeUndefined();
      expect(await messagesIn(serviceQueueOf(SERVICE))).toBeUndefined();
      expect(await messagesIn(pausedQueueOf(PUBLISHER, SERVICE))).toBeUndefined();
    });
  });

  describe('that is live again, with events left behind', () => {
    async function startLooking({ broker, registry }: Awaited<ReturnType<typeof startManager>>) {
      const leftBehind = new LeftBehind(broker, mapOf(registry), SILENT_LOG);
      running.push(leftBehind);
      await leftBehind.start();
      return leftBehind;
    }

    async function leaveBehind(count: number) {
      await deliveries().pause(PUBLISHER, SERVICE);
      await forward(count);
      await first().registry.update(PUBLISHER, SERVICE, (present) => ({ ...present, delivery: undefined }));
    }

    it('has them moved on when a manager starts', async () => {
      await leaveBehind(10);
      consume();
      await startMoving(first());
      await startLooking(first());
      await waitFor(() => firstSeen().length === 10);
      await waitFor(() => stateNow() === undefined);
    });

    it('has them moved on by a manager that could not ask the broker at first', async () => {
      await leaveBehind(10);
      const { broker, registry } = first();
      vi.spyOn(broker.topology, 'inspectQueue').mockRejectedValueOnce(new Error('the broker is away'));
      consume();
      await startMoving({ broker, registry });
      await startLooking({ broker, registry });
      await waitFor(() => firstSeen().length === 10);
    });

    it('keeps a manager with many subscriptions neither from moving others on nor from stopping', async () => {
      const { broker, registry } = first();
      for (let index = 0; index < 300; index += 1) {
        await registry.put({ publisher: 'another', subscriber: `service-${index}` });
      }
      const look = vi.spyOn(broker.topology, 'inspectQueue');
      const leftBehind = await startLooking({ broker, registry });
      await startMoving({ broker, registry });
      await deliveries().pause(PUBLISHER, SERVICE);
      await forward(5);
      consume();
      await deliveries().resume(PUBLISHER, SERVICE);
      await waitFor(() => firstSeen().length === 5);
      await leftBehind.stop();
      const others = look.mock.calls.filter(([queue]) => queue !== pausedQueueOf(PUBLISHER, SERVICE));
      expect(others.length).toBeGreaterThan(0);
      expect(others.length).toBeLessThan(300);
    });
  });
});
