import { DbEventError } from '@dbem/db-event';
import { BATCH_VERSION } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PausedWorld, PUBLISHER } from '../support/paused/paused-world';
import { waitFor } from '../support/waiting/wait-for';

describe('a paused subscription', () => {
  let world: PausedWorld;

  beforeAll(async () => {
    world = await PausedWorld.start();
  });

  beforeEach(() => world.begin());

  afterEach(async () => {
    vi.restoreAllMocks();
    await world.end();
  });

  afterAll(() => world?.stop());

  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('A paused subscription’s events wait until it is resumed, then reach even a legacy service in their order', async () => {
    world.consume();
    await world.forward(3);
    await waitFor(() => world.received.length === 3);
    await world.pause();
    await world.forward(300);
    expect(await world.messagesIn(world.pausedQueue)).toBeGreaterThan(0);
    expect(world.received).toHaveLength(3);
    await world.resume();
    for (let round = 0; round < 20; round += 1) await world.forward(10);
    await waitFor(() => world.receivedOnce.length === world.forwarded);
    expect(world.receivedOnce).toEqual(numbers(503));
    await waitFor(() => !world.isDraining());
    await world.forward(3);
    await waitFor(() => world.receivedOnce.length === world.forwarded);
    expect(world.receivedOnce).toEqual(numbers(506));
  });

  it('A subscription can be paused again right after it was resumed, and no later event reaches its subscriber', async () => {
    world.consume();
    for (let round = 0; round < 10; round += 1) {
      await world.pause();
      await world.forward(20);
      await world.resume();
      await world.pause();
      const before = world.forwarded;
      await world.forward(5);
      // What waited before may have left in between; it is not complete before the next resume.
      await waitFor(async () => ((await world.messagesIn(world.pausedQueue)) ?? 0) > 0);
      expect(world.received.filter((number) => number > before)).toEqual([]);
      await world.resume();
      await waitFor(() => world.receivedOnce.length === world.forwarded);
    }
  });

  it('A legacy service gets its events in their order although its subscription is paused while they are taken from the queue', async () => {
    world.consume();
    await world.pause();
    // Several messages with several events each: more than the manager takes in hand.
    for (let message = 0; message < 60; message += 1) await world.forward(20);
    for (let round = 0; round < 5; round += 1) {
      const before = world.receivedOnce.length;
      await world.resume();
      await waitFor(() => world.receivedOnce.length > before);
      await world.pause();
    }
    await world.forward(20);
    await world.resume();
    await waitFor(() => world.receivedOnce.length === world.forwarded && !world.isDraining());
    // An older event may come again, but then everything behind it comes again as well.
    const last = [...new Set(world.received.toReversed())].reverse();
    expect(last).toEqual(numbers(world.forwarded));
  });

  it('What waited for a legacy service during a pause is not taken for late because events of a later term have passed', async () => {
    await world.manager.registry.put({ publisher: 'tenant', subscriber: world.service });
    world.consume();
    await world.pause();
    await world.forward(5, { term: 1 });
    await world.forward(5, { publisher: 'tenant', term: 2 });
    await waitFor(() => world.receivedOnce.length === 5);
    await world.resume();
    await waitFor(() => world.receivedOnce.length === 10);
    // But a late copy of an event is dropped.
    await world.forward(1, { publisher: 'tenant', term: 1 });
    await world.forward(1, { publisher: 'tenant', term: 2 });
    await waitFor(() => world.received.includes(12));
    expect(world.received).not.toContain(11);
  });

  it('Events that several managers forward while a subscription is paused and resumed again and again all arrive, and none during a pause that began before it', async () => {
    const managers = [world.manager, await world.startManager()];
    world.consume();
    for (let round = 0; round < 10; round += 1) {
      await world.pause();
      const before = world.forwarded;
      await Promise.all(managers.map((manager) => world.forward(20, { manager })));
      expect(world.received.filter((number) => number > before)).toEqual([]);
      await world.resume();
      await Promise.all(managers.map((manager) => world.forward(5, { manager })));
    }
    await waitFor(() => world.receivedOnce.length === world.forwarded);
    await waitFor(() => managers.every((manager) => !world.isDraining(manager)));
  });

  it('A subscription that two have paused is resumed when both pauses have ended, each by its owner', async () => {
    world.consume();
    await world.pause('ada');
    await world.pause('bob');
    expect((await world.pause('ada')).pauses?.map(({ by }) => by)).toEqual(['ada', 'bob']);
    await world.forward(5);
    await expect(world.resume('eve')).rejects.toThrow(/paused by "ada" since .*, "bob" since .*, not by "eve"/);
    expect((await world.resume('ada')).pauses?.map(({ by }) => by)).toEqual(['bob']);
    await world.forward(5);
    expect(world.isPaused).toBe(true);
    await world.resume('bob');
    await waitFor(() => world.receivedOnce.length === 10);
    expect((await world.resume('bob')).pauses).toBeUndefined();
  });

  it('A resumed subscription is not called active, and yet gets its events, while the leader of its paused queue does not answer', async () => {
    const { topology } = world.manager.broker;
    await world.pause();
    await world.forward(300);
    const inspections = vi.spyOn(topology, 'inspectQueue');
    // What RabbitMQ answers for a quorum queue whose leader is down.
    inspections.mockResolvedValue({ messages: 0, consumers: 0 });
    world.consume();
    await world.resume();
    await waitFor(() => world.receivedOnce.length === 300);
    inspections.mockClear();
    await waitFor(() => inspections.mock.calls.length > 3);
    expect(world.isDraining()).toBe(true);
    inspections.mockRestore();
    await waitFor(() => !world.isDraining());
  });

  it('A resumed subscription loses no event when a manager that forwards its events loses the broker in between', async () => {
    await world.pause();
    await world.forward(2_000);
    const other = await world.startManager();
    world.consume();
    await world.resume();
    await waitFor(() => world.received.length > 0);
    // Its unacknowledged messages are requeued, as after a crash.
    await other.broker.stop();
    await waitFor(() => world.receivedOnce.length === 2_000);
    await waitFor(() => !world.isDraining());
  });

  it('Events that waited for a subscription when it was removed do not reach a new one, not even after the managers’ restart', async () => {
    const subscription = { publisher: PUBLISHER, subscriber: world.service };
    await world.pause();
    await world.forward(10);
    const [first, second] = [world.manager, await world.startManager()];
    const generation = world.subscription?.generation;
    // Both managers are away while the queue could be consumed.
    await Promise.all([first.forwarder.stop(), second.forwarder.stop()]);
    await first.registry.remove(PUBLISHER, world.service);
    await first.registry.put(subscription);
    expect(world.subscription?.generation).not.toBe(generation);
    expect(await world.messagesIn(world.pausedQueue)).toBeGreaterThan(0);
    world.consume();
    const restarted = await world.startManager();
    await world.forward(5, { manager: restarted });
    await waitFor(async () => (await world.messagesIn(world.pausedQueue)) === 0);
    await waitFor(() => !world.isDraining(restarted));
    await waitFor(() => world.received.length === 5);
    expect(world.received).toEqual([11, 12, 13, 14, 15]);
  });

  it('A manager that starts finds the events of a subscription that was resumed while no manager ran', async () => {
    await world.pause();
    await world.forward(10);
    await world.manager.forwarder.stop();
    await world.resume();
    world.consume();
    await world.startManager();
    await waitFor(() => world.receivedOnce.length === 10);
  });

  describe('past the backlog limit', () => {
    const LIMIT = 50;

    beforeEach(async () => {
      await world.manager.registry.put({ publisher: PUBLISHER, subscriber: world.service, entityTypes: ['PROJECT'] });
      await world.pause();
    });

    const expired = () =>
      waitFor(() => world.subscription?.expiry?.state === 'dropped', { what: 'the subscription to expire' });

    it('A paused subscription past the backlog limit expires without the service’s others, and is active and repaired when it is resumed', async () => {
      await world.manager.registry.put({ publisher: 'tenant', subscriber: world.service });
      await world.forward(LIMIT + 10);
      await world.forward(1, { publisher: 'tenant' });
      await world.startExpiryMonitor(LIMIT);
      await expired();
      expect(world.subscription?.expiry).toMatchObject({ ofPaused: true });
      expect(await world.messagesIn(world.pausedQueue)).toBeUndefined();
      await waitFor(async () => (await world.messagesIn(world.serviceQueue)) === 1);
      const { map } = world.manager.registry;
      expect(map.subscribersOf(PUBLISHER, 'PROJECT')).toEqual([]);
      expect(map.subscribersOf('tenant', 'PROJECT')).toEqual([world.service]);

      const resumed = await world.resume();
      expect(resumed).toMatchObject({ expiry: { state: 'returned' } });
      expect(resumed.pauses).toBeUndefined();
      const runs = await world.runs.list();
      const key = { publisher: PUBLISHER, subscriber: world.service, entityType: 'PROJECT' };
      expect(runs).toMatchObject([{ ...key, kind: 'repair' }]);
      await world.forward(1);
      await waitFor(async () => (await world.messagesIn(world.serviceQueue)) === 2);
    });

    it('A paused subscription is expired by another manager when the manager that started to expire it dies', async () => {
      await world.forward(5);
      const expiry = { sinceMs: 7, state: 'dropping', by: 'a manager that died', ofPaused: true } as const;
      const { registry } = world.manager;
      await registry.update(PUBLISHER, world.service, (present) => ({ ...present, expiry }));
      await expect(world.resume()).rejects.toMatchObject({ code: 'SUBSCRIPTION_EXPIRING' });
      await world.startExpiryMonitor(LIMIT);
      await expired();
      expect(world.subscription?.expiry).toEqual({ sinceMs: 7, state: 'dropped', ofPaused: true });
      expect(await world.messagesIn(world.serviceQueue)).toBe(0);
    });

    it('A service expires whose overflow queue is past the backlog limit, although its own queue is empty', async () => {
      await world.resume();
      await waitFor(() => !world.isDraining());
      const { broker, forwarder, registry } = world.manager;
      const filter = { entityTypes: ['PROJECT'], messageFormat: BATCH_VERSION } as const;
      await registry.put({ publisher: PUBLISHER, subscriber: world.service, ...filter });
      const publish = broker.publish.bind(broker);
      vi.spyOn(broker, 'publish').mockImplementation(async (message, options) => {
        if (message.routingKey !== world.serviceQueue) return publish(message, options);
        throw new DbEventError('MESSAGE_REJECTED', 'the queue is full', { retryable: true });
      });
      await world.forward(1);
      expect(forwarder.unavailable).toMatchObject([{ queue: world.serviceQueue, cause: 'refuses' }]);
      // One event per message, and more than the manager has in hand.
      for (let count = 0; count < LIMIT + 40; count += 1) await world.forward(1);
      await world.startExpiryMonitor(LIMIT);
      await expired();
      expect(world.subscription?.expiry?.ofPaused).toBeUndefined();
    });

    it('A paused subscription’s events are deleted with the service’s queue when the service expires', async () => {
      await world.forward(5);
      await world.manager.registry.put({ publisher: 'tenant', subscriber: world.service });
      for (let count = 0; count < LIMIT + 1; count += 1) await world.forward(1, { publisher: 'tenant' });
      await world.startExpiryMonitor(LIMIT);
      await expired();
      expect(world.subscription?.expiry?.ofPaused).toBeUndefined();
      expect(await world.messagesIn(world.serviceQueue)).toBeUndefined();
      expect(await world.messagesIn(world.pausedQueue)).toBeUndefined();
    });
  });
});
