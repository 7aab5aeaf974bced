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

  it('A paused subscription’s events wait until it is resumed, then reach the service in order, and the subscription is active again', async () => {
    world.consume();
    await world.startPausedQueues();
    await world.forward(3);
    await waitFor(() => world.received.length === 3);
    expect((await world.pause()).delivery).toBe('paused');
    await world.forward(300);
    await waitFor(async () => (await world.messagesIn(world.pausedQueue)) === 300);
    expect(world.received).toHaveLength(3);
    await world.resume();
    await waitFor(() => world.receivedOnce.length === 303);
    await waitFor(() => world.subscription?.delivery === undefined);
    await world.forward(3);
    await waitFor(() => world.receivedOnce.length === world.forwarded);
    expect(world.receivedOnce).toEqual(Array.from({ length: 306 }, (_, index) => index + 1));
  });

  it('A subscription can be paused again while it is being resumed, and no later event reaches its subscriber', async () => {
    // A check ends the consuming of a queue that is paused again, so between two checks it goes on.
    await world.startPausedQueues({ checkIntervalMs: 2_000 });
    await world.pause();
    await world.forward(5);
    await world.resume();
    const counts = async () => [await world.messagesIn(world.serviceQueue), await world.messagesIn(world.pausedQueue)];
    await waitFor(async () => String(await counts()) === '5,0', { what: 'the events to be moved' });
    await world.pause();
    await world.forward(5);
    await waitFor(async () => String(await counts()) === '5,5', { what: 'the later events to wait' });
    await world.resume();
    await waitFor(async () => String(await counts()) === '10,0', { what: 'the later events to be moved' });
  });

  it('A resumed subscription does not become active while the leader of its paused queue does not answer', async () => {
    const { topology } = world.manager.broker;
    const inspections = vi.spyOn(topology, 'inspectQueue');
    await world.startPausedQueues({ quietMs: 200, checkIntervalMs: 20 });
    await world.pause();
    // What RabbitMQ answers for a quorum queue whose leader is down.
    inspections.mockResolvedValue({ messages: 0, consumers: 0 });
    await world.resume();
    inspections.mockClear();
    // More checks than the quiet time has.
    await waitFor(() => inspections.mock.calls.length > 20);
    expect(world.subscription?.delivery).toBe('resuming');
    inspections.mockRestore();
    await waitFor(() => world.subscription?.delivery === undefined);
  });

  it('A resumed subscription loses no event when the manager that moves its events stops in between', async () => {
    await world.pause();
    await world.forward(2_000);
    world.consume();
    const other = await world.startManager();
    await world.startPausedQueues({ quietMs: 1_000 }, other);
    await world.startPausedQueues({ quietMs: 1_000 });
    await world.resume();
    await waitFor(() => world.received.length > 0);
    // Its unacknowledged messages are requeued, as after a crash.
    await other.broker.stop();
    await waitFor(() => world.receivedOnce.length === 2_000);
    await waitFor(() => world.subscription?.delivery === undefined);
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
      await world.publish(world.serviceQueue, 0);
      await world.startExpiryMonitor(LIMIT);
      await expired();
      expect(world.subscription?.expiry).toMatchObject({ ofPaused: true });
      expect(await world.messagesIn(world.pausedQueue)).toBeUndefined();
      expect(await world.messagesIn(world.serviceQueue)).toBe(1);
      expect(world.route(PUBLISHER).services).toEqual([]);
      expect(world.route('tenant').services).toEqual([world.service]);

      await world.startPausedQueues();
      const resumed = await world.resume();
      expect(resumed).toMatchObject({ expiry: { state: 'returned' } });
      expect(resumed.delivery).toBeUndefined();
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

    it('A paused subscription’s events are deleted with the service’s queue when the service expires', async () => {
      await world.forward(5);
      await Promise.all(Array.from({ length: LIMIT + 1 }, () => world.publish(world.serviceQueue, 0)));
      await world.startExpiryMonitor(LIMIT);
      await expired();
      expect(world.subscription?.expiry?.ofPaused).toBeUndefined();
      expect(await world.messagesIn(world.serviceQueue)).toBeUndefined();
      expect(await world.messagesIn(world.pausedQueue)).toBeUndefined();
    });
  });

  describe('that is active again with orphaned events', () => {
    /** Leaves events in the paused queue of an active subscription. */
    async function createOrphans(count: number): Promise<void> {
      await world.pause();
      await world.forward(count);
      const { registry } = world.manager;
      await registry.update(PUBLISHER, world.service, (present) => ({ ...present, delivery: undefined }));
      await waitFor(async () => (await world.messagesIn(world.pausedQueue)) === count);
    }

    it('Orphaned events of an active subscription reach the service when a manager starts', async () => {
      await createOrphans(10);
      world.consume();
      await world.startPausedQueues();
      await world.startOrphanedMessages();
      await waitFor(() => world.receivedOnce.length === 10);
      await waitFor(() => world.subscription?.delivery === undefined);
    });

    it('Orphaned events reach the service even if the first inspection of their queue fails', async () => {
      await createOrphans(10);
      const { topology } = world.manager.broker;
      const inspect = vi.spyOn(topology, 'inspectQueue').mockRejectedValueOnce(new Error('the broker is unavailable'));
      world.consume();
      await world.startOrphanedMessages({ retryIntervalMs: 50 });
      await waitFor(() => inspect.mock.results[0]?.type === 'return');
      await expect(inspect.mock.results[0]?.value).rejects.toThrow('the broker is unavailable');
      await world.startPausedQueues();
      await waitFor(() => world.receivedOnce.length === 10);
    });

    it('The search for orphaned events delays neither a resumed subscription nor the manager’s shutdown', async () => {
      const { broker, registry } = world.manager;
      for (let index = 0; index < 300; index += 1) {
        await registry.put({ publisher: 'another', subscriber: `service-${index}` });
      }
      const inspect = vi.spyOn(broker.topology, 'inspectQueue');
      // A complete search would take hours.
      const orphanedMessages = await world.startOrphanedMessages({ checkIntervalMs: 60_000 });
      await world.startPausedQueues();
      await world.pause();
      await world.forward(5);
      world.consume();
      await world.resume();
      await waitFor(() => world.receivedOnce.length === 5);
      await orphanedMessages.stop();
      const others = inspect.mock.calls.filter(([queue]) => queue !== world.pausedQueue);
      expect(others.length).toBeGreaterThan(0);
      expect(others.length).toBeLessThan(300);
    });
  });
});
