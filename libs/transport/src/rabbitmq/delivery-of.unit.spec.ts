import type { ConsumeMessage } from 'amqplib';
import { describe, expect, it } from 'vitest';
import { deliveryOf } from './delivery-of';

function received(properties: Record<string, unknown>): ConsumeMessage {
  const fields = { exchange: 'x', routingKey: 'k', redelivered: false };
  return { content: Buffer.from('body'), fields, properties } as unknown as ConsumeMessage;
}

describe('deliveryOf', () => {
  it('carries plain headers', () => {
    const headers = { text: 'a', number: 1.5, flag: false };
    expect(deliveryOf(received({ headers })).headers).toEqual(headers);
  });

  it('leaves out the broker’s own, by which a copy would go where its sender wants', () => {
    const headers = { CC: ['registry.queue'], BCC: ['b'], 'x-death': [{ count: 1 }], 'x-first-death-queue': 'q', a: 1 };
    expect(deliveryOf(received({ headers })).headers).toEqual({ a: 1 });
  });

  it('leaves out what could not be sent again', () => {
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

  it('leaves out properties that have become too long for AMQP in the reading', () => {
    const messageId = '\uFFFD'.repeat(255);
    const delivery = deliveryOf(
      received({ messageId, replyTo: messageId, correlationId: 'c', contentType: undefined }),
    );
    expect(delivery).toMatchObject({ correlationId: 'c' });
    expect(delivery).not.toHaveProperty('messageId');
    expect(delivery).not.toHaveProperty('replyTo');
  });
});
