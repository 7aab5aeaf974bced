import { DbEventError } from '@dbem/db-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_BATCH_BYTES } from '../batches/batch-format';
import { decodeBatch } from '../batches/decode-batch';
import { encodeElement } from '../batches/encode-batch';
import type { OutgoingMessage } from '../broker.port';
import { MAX_UNCONFIRMED_BYTES, MAX_UNCONFIRMED_MESSAGES } from '../publish-window';
import { Sender, type SenderOptions, type SentEvent, singleMessage } from './sender';

const REFUSED = new DbEventError('MESSAGE_REJECTED', 'refused', { retryable: true });

interface InFlight {
  readonly message: OutgoingMessage;
  confirm(): void;
  reject(error: DbEventError): void;
}

describe('singleMessage', () => {
  it('A single message does not carry where its publisher awaits a reply', () => {
    const asked = { replyTo: 'amq.rabbitmq.reply-to.x', correlationId: 'c', messageId: 'a:1', headers: { kept: true } };
    const message = singleMessage({ content: { body: Buffer.from('1'), ...asked } }, 'sharing.queue');
    expect(message).toEqual({
      exchange: '',
      routingKey: 'sharing.queue',
      body: Buffer.from('1'),
      messageId: 'a:1',
      headers: { kept: true },
    });
  });
});

describe('Sender', () => {
  let inFlight: InFlight[];
  let outcomes: string[];
  let failed: string[][];

  const broker = {
    publish: (message: OutgoingMessage) =>
      new Promise<void>((confirm, reject) => {
        inFlight.push({ message, confirm, reject });
      }),
  };

  beforeEach(() => {
    inFlight = [];
    outcomes = [];
    failed = [];
  });

  const nameOf = ({ content }: SentEvent) => content.body.toString().slice(0, 10).trim();

  function senderWith(options: Partial<SenderOptions<SentEvent>> = {}): Sender<SentEvent> {
    return new Sender(broker, {
      queue: 'sharing.queue',
      onFailed: (events) => failed.push(events.map(nameOf)),
      ...options,
    });
  }

  function eventOf(name: string, bytes = 10): SentEvent {
    const content = { body: Buffer.alloc(bytes, ' ') };
    content.body.write(name);
    return {
      content,
      encoded: encodeElement(content),
      confirmed: () => outcomes.push(`${name} confirmed`),
      failed: () => outcomes.push(`${name} failed`),
    };
  }

  const send = (sender: Sender<SentEvent>, count: number, bytes?: number, first = 1) => {
    for (let number = first; number < first + count; number += 1) sender.send(eventOf(String(number), bytes));
  };
  const nextTick = () => new Promise((resolve) => setImmediate(resolve));
  const sizes = () => inFlight.map(({ message }) => decodeBatch(message.body).elements.length);

  it('A single event leaves at once, as a batch of one', async () => {
    const sender = senderWith();
    send(sender, 1);
    await nextTick();
    expect(inFlight.map(({ message }) => message)).toEqual([
      expect.objectContaining({ exchange: '', routingKey: 'sharing.queue', contentType: 'application/vnd.dbem.batch' }),
    ]);
    inFlight[0]?.confirm();
    await nextTick();
    expect([outcomes, sender.isIdle]).toEqual([['1 confirmed'], true]);
  });

  it('Events of one tick leave together, at most 500 in a message', async () => {
    send(senderWith(), 1_200);
    await nextTick();
    expect(sizes()).toEqual([500, 500]);
    inFlight[0]?.confirm();
    await nextTick();
    expect(sizes()).toEqual([500, 500, 200]);
  });

  it('Events wait while two messages are unconfirmed, and leave in order when one is confirmed', async () => {
    const sender = senderWith();
    for (let tick = 0; tick < 10; tick += 1) {
      send(sender, 3, 10, 1 + tick * 3);
      await nextTick();
    }
    expect(sizes()).toEqual([3, 3]);
    inFlight[0]?.confirm();
    await nextTick();
    expect(sizes()).toEqual([3, 3, 24]);
    const [, , last] = inFlight;
    const bodies = decodeBatch(last?.message.body ?? Buffer.alloc(0)).elements.map(({ body }) =>
      body.toString().trim(),
    );
    expect(bodies).toEqual(Array.from({ length: 24 }, (_, index) => String(index + 7)));
  });

  it('A queue never has more than 30 unconfirmed messages', async () => {
    const sender = senderWith();
    send(sender, MAX_UNCONFIRMED_MESSAGES + 5, MAX_BATCH_BYTES);
    await nextTick();
    expect(inFlight).toHaveLength(MAX_UNCONFIRMED_MESSAGES);
    inFlight[0]?.confirm();
    await nextTick();
    expect(inFlight).toHaveLength(MAX_UNCONFIRMED_MESSAGES + 1);
  });

  it('An event that is larger than the window leaves while nothing else is in flight', async () => {
    send(senderWith(), 2, MAX_UNCONFIRMED_BYTES);
    await nextTick();
    expect(inFlight).toHaveLength(1);
    inFlight[0]?.confirm();
    await nextTick();
    expect(inFlight).toHaveLength(2);
  });

  it('Events that are not confirmed are handed over, and the next ones are sent', async () => {
    const sender = senderWith();
    send(sender, 2);
    await nextTick();
    inFlight[0]?.reject(REFUSED);
    send(sender, 1, 10, 3);
    await nextTick();
    expect([failed, outcomes]).toEqual([[['1', '2']], []]);
    expect(sizes()).toEqual([2, 1]);
  });

  it('A stop fails the events that wait or are in flight, once, and later ones', async () => {
    const sender = senderWith();
    send(sender, 1);
    await nextTick();
    send(sender, 1, 10, 2);
    sender.stop(REFUSED);
    send(sender, 1, 10, 3);
    inFlight[0]?.confirm();
    await nextTick();
    expect(outcomes).toEqual(['1 failed', '2 failed', '3 failed']);
    expect([failed, inFlight.length]).toEqual([[], 1]);
  });
});
