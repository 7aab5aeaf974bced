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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgreedMap } from '../../apps/event-manager/src/map/agreed-map';
import { PausedQueues } from '../../apps/event-manager/src/paused/paused-queues';
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
  let paused: PausedQueues[];
  let store: InMemorySubscriptionStore;
  let received: number[];
  let sent: number;

  beforeEach(async () => {
    vhost = await freshVhost();
    store = new InMemorySubscriptionStore();
    brokers = [];
    registries = [];
    paused = [];
    received = [];
    sent = 0;
    const { broker, registry } = await startManager();
    await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, SERVICE, 'quorum');
    await registry.put({ publisher: PUBLISHER, subscriber: SERVICE });
  });

  afterEach(async () => {
    await Promise.all(paused.map((queues) => queues.stop()));
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
    paused.push(queues);
    await queues.start();
    return queues;
  }

  const first = () => ({
    broker: brokers[0] as RabbitMqBroker,
    registry: registries[0] as InMemorySubscriptionRegistry,
  });
  const deliveries = () => new SubscriptionDeliveries(mapOf(first().registry), first().broker);
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

  it('has what was left behind taken up when a manager starts', async () => {
    await deliveries().pause(PUBLISHER, SERVICE);
    await forward(10);
    await first().registry.update(PUBLISHER, SERVICE, (present) => ({ ...present, delivery: undefined }));
    consume();
    await startMoving(first());
    await waitFor(() => firstSeen().length === 10);
  });
});
