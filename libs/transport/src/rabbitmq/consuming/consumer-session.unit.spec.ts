import { Backoff, SILENT_LOG } from '@dbem/runtime';
import type { Channel } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { consumeMessage } from '../../../../../test/support/doubles/consume-message';
import { standIn } from '../../../../../test/support/doubles/stand-in';
import { batchMessage } from '../../batches/batch-message';
import { encodeElement } from '../../batches/encode-batch';
import type { BatchHandler, Delivery, OutgoingMessage } from '../../broker.port';
import { ConsumerSession, type SessionOptions } from './consumer-session';

const MAX_BATCH = 100;

describe('ConsumerSession', () => {
  let session: ConsumerSession;
  let pushed: number;
  let handled: number;
  let acknowledged: number;
  let largestBatch: number;
  let acks: string[];
  let published: OutgoingMessage[];
  let publish: (message: OutgoingMessage) => Promise<void>;
  let sessionWith: (handler: BatchHandler, options?: Partial<SessionOptions>) => ConsumerSession;

  beforeEach(() => {
    vi.useFakeTimers();
    pushed = 0;
    handled = 0;
    acknowledged = 0;
    largestBatch = 0;
    acks = [];
    published = [];
    publish = async (message) => {
      published.push(message);
    };
    const channel = standIn<Channel>({
      ack: ({ fields }, isCumulative) => {
        acknowledged = fields.deliveryTag;
        acks.push(isCumulative ? `≤${fields.deliveryTag}` : `${fields.deliveryTag}`);
      },
      nack: ({ fields }) => acks.push(`requeued ${fields.deliveryTag}`),
    });
    sessionWith = (handler, options) =>
      new ConsumerSession(
        channel,
        handler,
        publish,
        { prefetch: 1_000, maxBatch: MAX_BATCH, maxBatchesInFlight: 1, fullBatchesAhead: 1, ...options },
        new Backoff(),
        SILENT_LOG,
      );
    session = sessionWith(
      async (deliveries) => {
        largestBatch = Math.max(largestBatch, deliveries.length);
        handled += deliveries.length;
      },
      { linger: { busyRate: 500, intervalMs: 20 } },
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

  describe('with messages that take their time', () => {
    let finish: Map<string, { resolve(): void; reject(error: Error): void }>;

    const slowly: BatchHandler = ([delivery]) =>
      new Promise((resolve, reject) => {
        finish.set(delivery?.body.toString() ?? '', { resolve, reject });
      });
    const nextTick = () => vi.advanceTimersByTimeAsync(1);

    beforeEach(() => {
      finish = new Map();
      session = sessionWith(slowly, { maxBatch: 1, maxBatchesInFlight: 10 });
    });

    async function pushTags(...tags: number[]): Promise<void> {
      for (const deliveryTag of tags) {
        session.push(consumeMessage({ content: Buffer.from(String(deliveryTag)), fields: { deliveryTag } }));
      }
      await nextTick();
    }

    it('A message is acknowledged although an earlier one is not', async () => {
      await pushTags(1, 2, 3, 4);
      finish.get('3')?.resolve();
      await nextTick();
      expect([acks, session.isIdle]).toEqual([['3'], false]);
      finish.get('1')?.resolve();
      finish.get('2')?.resolve();
      await nextTick();
      expect(acks).toEqual(['3', '≤1', '≤2']);
      finish.get('4')?.resolve();
      await nextTick();
      expect([acks.at(-1), session.isIdle]).toEqual(['≤4', true]);
    });

    it('A message that fails is requeued, and its neighbours are acknowledged', async () => {
      await pushTags(1, 2, 3);
      finish.get('2')?.reject(new Error('no'));
      await vi.advanceTimersByTimeAsync(1_000);
      finish.get('3')?.resolve();
      finish.get('1')?.resolve();
      await nextTick();
      expect([acks, session.isIdle]).toEqual([['requeued 2', '3', '≤1'], true]);
    });
  });

  describe('with batches', () => {
    const alone = ({ body }: Delivery) => ({ exchange: '', routingKey: 'mine.queue', body });
    const batches = { alone };

    function pushBatch(deliveryTag: number, names: readonly string[], redelivered = false): void {
      const { body: content } = batchMessage(
        names.map((name) => encodeElement({ body: Buffer.from(name) })),
        '',
        'mine.queue',
      );
      session.push(
        consumeMessage({
          content,
          fields: { deliveryTag, redelivered },
          properties: { contentType: 'application/vnd.dbem.batch' },
        }),
      );
    }

    it('The handler gets the elements, and a message is acknowledged when all of its elements are handled', async () => {
      const calls: string[][] = [];
      session = sessionWith(
        async (deliveries) => {
          calls.push(deliveries.map(({ body }) => body.toString()));
          await Promise.resolve();
        },
        { batches, maxBatch: 2 },
      );
      pushBatch(1, ['a', 'b', 'c']);
      pushBatch(2, ['d']);
      await vi.advanceTimersByTimeAsync(1);
      expect([calls, acks]).toEqual([
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
        ['≤2'],
      ]);
    });

    it('A batch that was delivered before is taken apart, and acknowledged when its elements are confirmed', async () => {
      session = sessionWith(async () => {}, { batches });
      pushBatch(1, ['a', 'b'], true);
      expect([published.map(({ body }) => body.toString()), acks]).toEqual([['a', 'b'], []]);
      await vi.advanceTimersByTimeAsync(1);
      expect([handled, acks]).toEqual([0, ['≤1']]);
    });

    it('A batch of one that was delivered before is handled', async () => {
      session = sessionWith(
        async (deliveries) => {
          handled += deliveries.length;
        },
        { batches },
      );
      pushBatch(1, ['a'], true);
      await vi.advanceTimersByTimeAsync(1);
      expect([handled, published, acks]).toEqual([1, [], ['≤1']]);
    });

    it('A batch that can’t be taken apart is requeued', async () => {
      publish = async () => {
        throw new Error('no route');
      };
      session = sessionWith(async () => {}, { batches });
      pushBatch(1, ['a', 'b'], true);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(acks).toEqual(['requeued 1']);
    });

    it('A batch is one delivery for a consumer that expects none', async () => {
      session = sessionWith(async (deliveries) => {
        handled += deliveries.length;
      });
      pushBatch(1, ['a', 'b'], true);
      await vi.advanceTimersByTimeAsync(1);
      expect([handled, acks]).toEqual([1, ['≤1']]);
    });
  });
});
