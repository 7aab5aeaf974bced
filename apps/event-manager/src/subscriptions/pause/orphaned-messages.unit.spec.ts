import { SILENT_LOG } from '@dbem/runtime';
import { InMemorySubscriptionRegistry, SubscriptionMapEditor } from '@dbem/subscription-registry';
import { InMemoryBroker } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OrphanedMessages } from './orphaned-messages';

const SUBSCRIPTIONS = 300;

describe('OrphanedMessages', () => {
  let broker: InMemoryBroker;
  let registry: InMemorySubscriptionRegistry;
  let orphanedMessages: OrphanedMessages;
  let looks: number;
  let waitForBroker: Promise<void>;

  beforeEach(async () => {
    vi.useFakeTimers();
    broker = new InMemoryBroker();
    registry = new InMemorySubscriptionRegistry();
    await registry.start();
    for (let index = 0; index < SUBSCRIPTIONS; index += 1) {
      await registry.put({ publisher: 'profile', subscriber: `service-${index}` });
    }
    looks = 0;
    waitForBroker = Promise.resolve();
    vi.spyOn(broker.topology, 'inspectQueue').mockImplementation(async () => {
      looks += 1;
      await waitForBroker;
      return undefined;
    });
    orphanedMessages = new OrphanedMessages(
      broker,
      new SubscriptionMapEditor(registry, { rollOut: async () => {} }),
      SILENT_LOG,
    );
  });

  afterEach(async () => {
    await orphanedMessages.stop();
    await registry.stop();
    vi.useRealTimers();
  });

  it('The search for orphaned queues inspects one subscription after the other, fifty per second, each once', async () => {
    await orphanedMessages.start();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(looks).toBeGreaterThanOrEqual(45);
    expect(looks).toBeLessThanOrEqual(55);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toBe(SUBSCRIPTIONS);
  });

  it('The search for orphaned queues stops between two inspections and while the broker has not answered', async () => {
    await orphanedMessages.start();
    await vi.advanceTimersByTimeAsync(210);
    let answer = () => {};
    waitForBroker = new Promise((resolve) => {
      answer = resolve;
    });
    await vi.advanceTimersByTimeAsync(20);
    const stopped = orphanedMessages.stop();
    const before = looks;
    answer();
    await stopped;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toBe(before);
  });

  it('The search for orphaned queues stops while it waits for the map, and does not start after that', async () => {
    const unread = new InMemorySubscriptionRegistry();
    const waiting = new OrphanedMessages(
      broker,
      new SubscriptionMapEditor(unread, { rollOut: async () => {} }),
      SILENT_LOG,
    );
    await waiting.start();
    await waiting.stop();
    await waiting.start();
    expect(looks).toBe(0);
  });
});
