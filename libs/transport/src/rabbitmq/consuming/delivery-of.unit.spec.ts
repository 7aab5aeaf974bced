import type { MessageProperties } from 'amqplib';
import { describe, expect, it } from 'vitest';
import { consumeMessage } from '../../../../../test/support/doubles/consume-message';
import { deliveryOf } from './delivery-of';

const received = (properties: Partial<MessageProperties>) => consumeMessage({ properties });

describe('deliveryOf', () => {
  it('deliveryOf keeps plain headers', () => {
    const headers = { text: 'a', number: 1.5, flag: false };
    expect(deliveryOf(received({ headers })).headers).toEqual(headers);
  });

  it('deliveryOf drops the broker’s own headers, by which a publisher could route a message to other queues', () => {
    const time = { '!': 'timestamp', value: 1 } as const;
    const reason = 'expired' as const;
    const headers = {
      CC: ['registry.queue'],
      BCC: ['b'],
      'x-death': [{ count: 1, reason, queue: 'q', time, exchange: '', 'routing-keys': ['q'] }],
      'x-first-death-queue': 'q',
      a: 1,
    };
    expect(deliveryOf(received({ headers })).headers).toEqual({ a: 1 });
  });

  it('deliveryOf drops headers that could not be published again', () => {
    const headers = {
      table: { deep: { er: 1 } },
      list: [1],
      bytes: Buffer.alloc(3),
      nothing: null,
      notANumber: Number.NaN,
      long: 'x'.repeat(10_001),
      ok: 'y',
    };
    expect(deliveryOf(received({ headers })).headers).toEqual({ ok: 'y' });
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`h${index}`, 'x'.repeat(1_000)]));
    expect(JSON.stringify(deliveryOf(received({ headers: many })).headers).length).toBeLessThan(80_000);
  });

  it('deliveryOf drops properties that became too long for AMQP when they were decoded', () => {
    const messageId = '\uFFFD'.repeat(255);
    const delivery = deliveryOf(
      received({ messageId, replyTo: messageId, correlationId: 'c', contentType: undefined }),
    );
    expect(delivery).toMatchObject({ correlationId: 'c' });
    expect(delivery).not.toHaveProperty('messageId');
    expect(delivery).not.toHaveProperty('replyTo');
  });
});
