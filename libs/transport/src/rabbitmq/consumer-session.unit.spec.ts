import { Backoff, SILENT_LOG } from '@dbem/runtime';
import type { Channel } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { consumeMessage } from '../../../../test/support/doubles/consume-message';
import { standIn } from '../../../../test/support/doubles/stand-in';
import { ConsumerSession } from './consumer-session';

const MAX_BATCH = 100;

describe('ConsumerSession', () => {
  let session: ConsumerSession;
  let pushed: number;
  let handled: number;
  let acknowledged: number;
  let largestBatch: number;

  beforeEach(() => {
    vi.useFakeTimers();
    pushed = 0;
    handled = 0;
    acknowledged = 0;
    largestBatch = 0;
    const channel = standIn<Channel>({
      ack: ({ fields }) => {
        acknowledged = fields.deliveryTag;
      },
    });
    session = new ConsumerSession(
      channel,
      async (deliveries) => {
        largestBatch = Math.max(largestBatch, deliveries.length);
        handled += deliveries.length;
      },
      {
        prefetch: 1_000,
        maxBatch: MAX_BATCH,
        maxBatchesInFlight: 1,
        fullBatchesAhead: 1,
        linger: { busyRate: 500, intervalMs: 20 },
      },
      new Backoff(),
      SILENT_LOG,
    );
  });

  afterEach(() => {
    session.end();
    vi.useRealTimers();
  });

  function push(count: number): void {
    for (let index = 0; index < count; index += 1) {
      pushed += 1;
      session.push(consumeMessage({ fields: { deliveryTag: pushed } }));
    }
  }

  async function pushEachMs(count: number, ms: number): Promise<void> {
    for (let index = 0; index < ms; index += 1) {
      push(count);
      await vi.advanceTimersByTimeAsync(1);
    }
  }

  it('A delivery is handled at once under low load', async () => {
    for (let index = 1; index <= 20; index += 1) {
      push(1);
      await vi.advanceTimersByTimeAsync(1);
      expect([handled, acknowledged]).toEqual([index, index]);
      await vi.advanceTimersByTimeAsync(4);
    }
  });

  it('Deliveries linger under high load, and are handled without another delivery', async () => {
    await pushEachMs(2, 1_000);
    const earlier = handled;
    while (handled === earlier) await pushEachMs(2, 1);
    const atBatch = handled;
    await pushEachMs(2, 18);
    expect(handled).toBe(atBatch);
    await vi.advanceTimersByTimeAsync(20);
    expect([handled, acknowledged]).toEqual([pushed, pushed]);
  });

  it('A full batch does not linger under high load', async () => {
    await pushEachMs(2, 1_000);
    await vi.advanceTimersByTimeAsync(20);
    expect(handled).toBe(2_000);
    push(250);
    await vi.advanceTimersByTimeAsync(2);
    expect(handled).toBe(2_200);
    await vi.advanceTimersByTimeAsync(20);
    expect(handled).toBe(2_250);
    expect(largestBatch).toBeLessThanOrEqual(MAX_BATCH);
  });

  it('A session that has ended handles no delivery', async () => {
    await pushEachMs(2, 1_000);
    push(10);
    const before = handled;
    expect(before).toBeLessThan(pushed);
    session.end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(handled).toBe(before);
  });
});
