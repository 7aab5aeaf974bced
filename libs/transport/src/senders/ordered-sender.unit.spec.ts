import { DbEventError } from '@dbem/db-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { decodeBatch } from '../batches/decode-batch';
import { encodeElement } from '../batches/encode-batch';
import type { OutgoingMessage } from '../broker.port';
import { MAX_UNCONFIRMED_BYTES, MAX_UNCONFIRMED_MESSAGES } from '../publish-window';
import { OrderedSender } from './ordered-sender';
import type { SentEvent } from './sender';

const REFUSED = new DbEventError('MESSAGE_REJECTED', 'refused', { retryable: true });

interface InFlight {
  readonly name: string;
  confirm(): void;
  reject(error: DbEventError): void;
}

describe('OrderedSender', () => {
  let inFlight: InFlight[];
  let outcomes: string[];
  let failed: string[][];
  /** Which of the events that failed are sent again. */
  let isSentAgain: (name: string) => boolean;
  let sender: OrderedSender<SentEvent & { readonly name: string }>;

  beforeEach(() => {
    inFlight = [];
    outcomes = [];
    failed = [];
    isSentAgain = () => true;
    const publish = ({ body }: OutgoingMessage) =>
      new Promise<void>((confirm, reject) => {
        const [element] = decodeBatch(body).elements;
        inFlight.push({ name: element?.body.toString().trim() ?? '', confirm, reject });
      });
    sender = new OrderedSender(
      { publish },
      {
        queue: 'lane',
        onFailed: async (events) => {
          failed.push(events.map(({ name }) => name));
          return events.filter(({ name }) => isSentAgain(name));
        },
      },
    );
  });

  function send(count: number, bytes = 10, first = 1): void {
    for (let number = first; number < first + count; number += 1) {
      const name = String(number);
      const body = Buffer.alloc(bytes, ' ');
      body.write(name);
      sender.send({
        name,
        content: { body },
        encoded: encodeElement({ body }),
        confirmed: () => outcomes.push(`${name} confirmed`),
        failed: () => outcomes.push(`${name} failed`),
      });
    }
  }

  const nextTick = () => new Promise((resolve) => setImmediate(resolve));
  const names = () => inFlight.map(({ name }) => name);
  const take = (): InFlight[] => inFlight.splice(0);

  it('Events leave at once, at most 30 at a time, and the next one with each confirm', async () => {
    send(MAX_UNCONFIRMED_MESSAGES + 2);
    expect(inFlight).toHaveLength(MAX_UNCONFIRMED_MESSAGES);
    inFlight[0]?.confirm();
    await nextTick();
    expect(names().at(-1)).toBe(String(MAX_UNCONFIRMED_MESSAGES + 1));
  });

  it('Large events do not exceed the window in bytes, but one alone may', async () => {
    send(3, MAX_UNCONFIRMED_BYTES);
    expect(names()).toEqual(['1']);
    inFlight[0]?.confirm();
    await nextTick();
    expect(names()).toEqual(['1', '2']);
  });

  it('An event is confirmed when all before it are', async () => {
    send(3);
    const [one, two, three] = take();
    three?.confirm();
    two?.confirm();
    await nextTick();
    expect(outcomes).toEqual([]);
    one?.confirm();
    await nextTick();
    expect(outcomes).toEqual(['1 confirmed', '2 confirmed', '3 confirmed']);
    expect(sender.isIdle).toBe(true);
  });

  it('After a failure everything from the failed event on is sent again, also what was confirmed, before all others', async () => {
    send(4);
    const [one, two, three, four] = take();
    one?.confirm();
    two?.reject(REFUSED);
    three?.confirm();
    await nextTick();
    send(1, 10, 5);
    expect([failed, names()]).toEqual([[], []]);
    four?.reject(REFUSED);
    await nextTick();
    expect(failed).toEqual([['2', '3', '4']]);
    expect(names()).toEqual(['2', '3', '4', '5']);
    expect(outcomes).toEqual(['1 confirmed']);
    for (const { confirm } of take()) confirm();
    await nextTick();
    expect(outcomes).toEqual(['1 confirmed', '2 confirmed', '3 confirmed', '4 confirmed', '5 confirmed']);
  });

  it('Failed events that are not to be sent again are no longer the sender’s', async () => {
    isSentAgain = (name) => name !== '1';
    send(2);
    for (const { reject } of take()) reject(REFUSED);
    await nextTick();
    expect(names()).toEqual(['2']);
    take()[0]?.confirm();
    await nextTick();
    expect([outcomes, sender.isIdle]).toEqual([['2 confirmed'], true]);
  });

  it('Waiting events can be taken, oldest first', () => {
    send(MAX_UNCONFIRMED_MESSAGES + 3);
    expect(sender.takeWaiting(1).map(({ name }) => name)).toEqual([String(MAX_UNCONFIRMED_MESSAGES + 1)]);
    expect(sender.takeWaiting()).toHaveLength(2);
    expect(sender.takeWaiting()).toEqual([]);
  });

  it('A stop fails the events that wait or are in flight, once, and later ones', async () => {
    send(MAX_UNCONFIRMED_MESSAGES + 1);
    sender.stop(REFUSED);
    expect(outcomes).toHaveLength(MAX_UNCONFIRMED_MESSAGES + 1);
    for (const { confirm } of take()) confirm();
    send(1, 10, 99);
    await nextTick();
    expect(outcomes.at(-1)).toBe('99 failed');
    expect(outcomes).toHaveLength(MAX_UNCONFIRMED_MESSAGES + 2);
    expect(inFlight).toEqual([]);
  });
});
