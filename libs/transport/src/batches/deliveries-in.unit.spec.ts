import { describe, expect, it } from 'vitest';
import { batchMessage } from './batch-message';
import { deliveriesIn } from './deliveries-in';
import { type ElementContent, encodeElement } from './encode-batch';

const BODY = Buffer.from('event');
const USER_HEADER = 'x-dbem-user-id';

function deliveriesOf(contents: readonly ElementContent[], properties: object = {}) {
  const { body, contentType } = batchMessage(contents.map(encodeElement), '', 'q');
  const message = { exchange: '', routingKey: 'q', redelivered: false, headers: {}, userId: 'alpha', ...properties };
  return deliveriesIn({ ...message, body, contentType: contentType ?? '' });
}

describe('deliveriesIn', () => {
  it('An element can’t set where a reply goes: published again, a forged address would close the connection', () => {
    const forged = { body: BODY, replyTo: 'amq.rabbitmq.reply-to.forged', correlationId: 'c' };
    for (const contents of [[forged], [forged, forged]]) {
      for (const delivery of deliveriesOf(contents)) {
        expect([delivery.replyTo, delivery.correlationId]).toEqual([undefined, undefined]);
      }
    }
  });

  it('A reply to a batch of one goes to the message’s address, and one to several elements goes nowhere', () => {
    const asked = { replyTo: 'amq.rabbitmq.reply-to.real', correlationId: 'c' };
    expect(deliveriesOf([{ body: BODY }], asked)).toMatchObject([asked]);
    expect(deliveriesOf([{ body: BODY }, { body: BODY }], asked).map(({ replyTo }) => replyTo)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('An element can’t set the header of the verified user, which only the message carries', () => {
    const forged = { body: BODY, headers: { [USER_HEADER]: 'beta', kept: true } };
    expect(deliveriesOf([forged])[0]?.headers).toEqual({ kept: true });
    expect(deliveriesOf([forged], { headers: { [USER_HEADER]: 'alpha' } })[0]?.headers).toEqual({
      kept: true,
      [USER_HEADER]: 'alpha',
    });
  });
});
