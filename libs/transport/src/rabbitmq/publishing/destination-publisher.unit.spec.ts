import { DbEventError } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { standIn } from '../../../../../test/support/doubles/stand-in';
import type { OutgoingMessage } from '../../broker.port';
import { MAX_UNCONFIRMED_BYTES, MAX_UNCONFIRMED_MESSAGES } from '../../publish-window';
import type { ConfirmedPublisher } from './confirmed-publisher';
import { DestinationPublisher } from './destination-publisher';

const TIMEOUT_MS = 1_000;
const REJECTED = new DbEventError('MESSAGE_REJECTED', 'refused', { retryable: true });

type Done = (error?: DbEventError) => void;

/** A channel whose confirms the test sends. */
class Channel {
  readonly sent: string[] = [];
  readonly open = new Map<number, Done>();
  isRetired = false;
  reopened = 0;
  isOpening = false;

  send({ body }: OutgoingMessage, done: Done): number {
    this.sent.push(body.toString().trim());
    this.open.set(this.sent.length, done);
    return this.sent.length;
  }

  abandon(number: number): void {
    this.open.delete(number);
  }

  retire(): void {
    this.isRetired = true;
  }

  reopen(): void {
    this.reopened += 1;
  }

  /** Confirms the oldest message that is neither confirmed nor abandoned. */
  confirm(error?: DbEventError): void {
    const [number, done] = [...this.open][0] as [number, Done];
    this.open.delete(number);
    done(error);
  }
}

describe('DestinationPublisher', () => {
  function set() {
    const shared = new Channel();
    const own: Channel[] = [];
    const sharedPublisher = standIn<ConfirmedPublisher>(shared);
    const world = { nowMs: 0, replacements: 0 };
    const destination = new DestinationPublisher({
      shared: () => sharedPublisher,
      open: () => {
        own.push(new Channel());
        return standIn<ConfirmedPublisher>(own.at(-1) as Channel);
      },
      onUnusable: () => {
        world.replacements += 1;
      },
      nowMs: () => world.nowMs,
    });
    const outcomes: string[] = [];
    const publish = (text: string, bytes = 1) => {
      const message = { exchange: '', routingKey: 'q', body: Buffer.from(text.padEnd(bytes)) };
      destination.publish(message, TIMEOUT_MS).then(
        () => outcomes.push(`${text} confirmed`),
        (error: DbEventError) => outcomes.push(`${text} ${error.code}`),
      );
    };
    const pass = async (ms: number) => {
      world.nowMs += ms;
      destination.check();
      await new Promise(setImmediate);
    };
    return { shared, own, world, destination, outcomes, publish, pass };
  }

  it('A destination gets no more messages than its window, in order, and the next one with each confirm', () => {
    const { shared, publish } = set();
    for (let number = 1; number <= MAX_UNCONFIRMED_MESSAGES + 2; number += 1) publish(String(number));
    expect(shared.sent).toHaveLength(MAX_UNCONFIRMED_MESSAGES);
    shared.confirm();
    expect(shared.sent.at(-1)).toBe(String(MAX_UNCONFIRMED_MESSAGES + 1));
  });

  it('A destination gets no more bytes than its window, but one message of any size', () => {
    const { shared, publish } = set();
    publish('large', MAX_UNCONFIRMED_BYTES + 1);
    publish('small');
    expect(shared.sent).toEqual(['large']);
    shared.confirm();
    expect(shared.sent).toEqual(['large', 'small']);
  });

  it('All publishes to a destination are rejected when the oldest is not confirmed in time, and no late confirm counts', async () => {
    const { shared, outcomes, publish, pass, world } = set();
    for (let number = 1; number <= MAX_UNCONFIRMED_MESSAGES + 1; number += 1) publish(String(number));
    await pass(TIMEOUT_MS - 1);
    expect(outcomes).toEqual([]);
    await pass(1);
    expect(outcomes).toHaveLength(MAX_UNCONFIRMED_MESSAGES + 1);
    expect(new Set(outcomes.map((outcome) => outcome.split(' ')[1]))).toEqual(new Set(['CONFIRM_OVERDUE']));
    expect(shared.open.size).toBe(0);
    expect(world.replacements).toBe(1);
  });

  it('A destination that does not confirm gets a channel of its own, another after each further timeout, and the shared one after a confirm', async () => {
    const { shared, own, outcomes, publish, pass } = set();
    publish('1');
    await pass(TIMEOUT_MS);
    publish('2');
    expect(shared.sent).toEqual(['1']);
    expect(own[0]?.sent).toEqual(['2']);
    await pass(TIMEOUT_MS);
    expect(own[0]?.reopened).toBe(1);
    publish('3');
    own[0]?.confirm();
    await pass(0);
    expect(outcomes).toEqual(['1 CONFIRM_OVERDUE', '2 CONFIRM_OVERDUE', '3 confirmed']);
    expect(own).toHaveLength(1);
    expect(own[0]?.isRetired).toBe(true);
    publish('4');
    expect(shared.sent).toEqual(['1', '4']);
  });

  it('Publishes wait while a channel of its own is being opened', async () => {
    const { own, publish, pass } = set();
    publish('1');
    await pass(TIMEOUT_MS);
    (own[0] as Channel).isOpening = true;
    publish('2');
    await pass(0);
    expect(own[0]?.sent).toEqual([]);
    (own[0] as Channel).isOpening = false;
    await pass(0);
    expect(own[0]?.sent).toEqual(['2']);
  });

  it('A destination that rejects a message gets another channel when all outcomes are known, and the shared one after a confirm', async () => {
    const { shared, own, outcomes, publish, pass, world } = set();
    publish('1');
    publish('2');
    shared.confirm(REJECTED);
    publish('3');
    expect(shared.sent).toEqual(['1', '2']);
    expect(own).toHaveLength(0);
    shared.confirm(REJECTED);
    expect(own[0]?.sent).toEqual(['3']);
    own[0]?.confirm(REJECTED);
    publish('4');
    expect([own.length, own[0]?.reopened]).toEqual([1, 1]);
    own[0]?.confirm();
    await pass(0);
    expect(outcomes).toEqual(['1 MESSAGE_REJECTED', '2 MESSAGE_REJECTED', '3 MESSAGE_REJECTED', '4 confirmed']);
    expect([world.replacements, own[0]?.isRetired]).toEqual([1, true]);
  });
});
