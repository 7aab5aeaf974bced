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
  let inspections: number;
  let waitForBroker: Promise<void>;

  beforeEach(async () => {
    vi.useFakeTimers();
    broker = new InMemoryBroker();
    registry = new InMemorySubscriptionRegistry();
    await registry.start();
    for (let index = 0; index < SUBSCRIPTIONS; index += 1) {
      await registry.put({ publisher: 'profile', subscriber: `service-${index}` });
    }
    inspections = 0;
    waitForBroker = Promise.resolve();
    vi.spyOn(broker.topology, 'inspectQueue').mockImplementation(async () => {
      inspections += 1;
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

  it('The search for orphaned messages inspects each subscription once, fifty per second', async () => {
    await orphanedMessages.start();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(inspections).toBeGreaterThanOrEqual(45);
    expect(inspections).toBeLessThanOrEqual(55);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(inspections).toBe(SUBSCRIPTIONS);
  });

  it('The search for orphaned messages stops between two inspections and during one', async () => {
    await orphanedMessages.start();
    await vi.advanceTimersByTimeAsync(210);
    let answer = () => {};
    waitForBroker = new Promise((resolve) => {
      answer = resolve;
    });
    await vi.advanceTimersByTimeAsync(20);
    const stopped = orphanedMessages.stop();
    const before = inspections;
    answer();
    await stopped;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(inspections).toBe(before);
  });

  it('The search for orphaned messages can be stopped while it waits for the map, and does not start again', async () => {
    const unread = new InMemorySubscriptionRegistry();
    const waiting = new OrphanedMessages(
      broker,
      new SubscriptionMapEditor(unread, { rollOut: async () => {} }),
      SILENT_LOG,
    );
    await waiting.start();
    await waiting.stop();
    await waiting.start();
    expect(inspections).toBe(0);
  });
});
