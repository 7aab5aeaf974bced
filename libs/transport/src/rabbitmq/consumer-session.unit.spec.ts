import { Backoff, SILENT_LOG } from '@dbem/platform';
import type { Channel, ConsumeMessage } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConsumerSession } from './consumer-session';

describe('ConsumerSession', () => {
  const acknowledged: number[] = [];
  const batches: number[] = [];
  let session: ConsumerSession;
  let pushed: number;

  beforeEach(() => {
    vi.useFakeTimers();
    acknowledged.length = 0;
    batches.length = 0;
    pushed = 0;
    const channel = {
      ack: ({ fields }: ConsumeMessage) => acknowledged.push(fields.deliveryTag),
    } as unknown as Channel;
    session = new ConsumerSession(
      channel,
      async (deliveries) => {
        batches.push(deliveries.length);
      },
      {
        prefetch: 1_000,
        maxBatch: 100,
        maxBatchesInFlight: 1,
        fullBatchesAhead: 1,
        pace: { busyRate: 500, intervalMs: 20 },
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
      const fields = { deliveryTag: pushed, exchange: '', routingKey: 'q', redelivered: false };
      session.push({ fields, properties: { headers: {} }, content: Buffer.alloc(1) } as unknown as ConsumeMessage);
    }
  }

  async function pushEachMs(count: number, ms: number): Promise<void> {
    for (let index = 0; index < ms; index += 1) {
      push(count);
      await vi.advanceTimersByTimeAsync(1);
    }
  }

  it('hands on at once what comes while little comes', async () => {
    for (let index = 0; index < 20; index += 1) {
      push(1);
      await vi.advanceTimersByTimeAsync(5);
    }
    expect(batches).toEqual(new Array(20).fill(1));
    expect(acknowledged.at(-1)).toBe(20);
  });

  it('gathers what comes while much comes, and hands it on without another delivery', async () => {
    await pushEachMs(2, 1_000);
    const begun = batches.length;
    expect(begun).toBeLessThan(200);
    expect(batches.at(-1)).toBeGreaterThanOrEqual(40);
    await vi.advanceTimersByTimeAsync(20);
    expect(acknowledged.at(-1)).toBe(2_000);
  });

  it('does not wait with a full batch', async () => {
    await pushEachMs(2, 1_000);
    await vi.advanceTimersByTimeAsync(20);
    batches.length = 0;
    push(250);
    await vi.advanceTimersByTimeAsync(2);
    expect(batches.slice(0, 2)).toEqual([100, 100]);
    await vi.advanceTimersByTimeAsync(20);
    expect(batches).toEqual([100, 100, 50]);
  });

  it('hands on nothing any more once it is over', async () => {
    await pushEachMs(2, 1_000);
    push(10);
    const begun = batches.length;
    session.end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches.length).toBe(begun);
  });
});
