import { batchMessage, encodeElement, type OrderedHandler } from '@dbem/transport';
import { afterEach, describe, expect, it } from 'vitest';
import type { SharedBroker } from '../../support/broker/shared-broker';
import { waitFor } from '../../support/waiting/wait-for';

/** More than the messages in hand at a time, so that some are in hand, some buffered and some in the queue. */
const MESSAGES = 100;
const IN_HAND = 10;

/** Consuming in order, for every broker adapter. */
export function describeOrderedConsuming(name: string, shared: SharedBroker): void {
  describe('ordered consuming', () => {
    const stops: (() => Promise<void>)[] = [];

    afterEach(async () => {
      await Promise.all(stops.splice(0).map((stop) => stop()));
    });

    async function declare(what = 'ordered'): Promise<string> {
      const queue = shared.named(what);
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum', isSingleActive: true });
      return queue;
    }

    function consume(queue: string, handler: OrderedHandler) {
      const consumption = shared.broker.consumeInOrder(queue, handler, { maxBatch: IN_HAND });
      stops.push(() => consumption.stop());
      return consumption;
    }

    const numbers = Array.from({ length: MESSAGES }, (_, index) => String(index));

    async function sendAll(queue: string): Promise<void> {
      for (const text of numbers) await shared.send(queue, text);
    }

    it(`${name} calls an ordered handler once at a time, and delivers what it has not done again, in order`, async () => {
      const queue = await declare();
      await sendAll(queue);
      const done: string[] = [];
      let running = 0;
      let calls = 0;
      consume(queue, async (deliveries) => {
        running += 1;
        expect(running).toBe(1);
        calls += 1;
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        if (calls % 5 === 4) throw new Error('none this time');
        const isPartial = calls % 5 === 2 && deliveries.length > 1;
        const handled = isPartial ? deliveries.slice(0, Math.floor(deliveries.length / 2)) : deliveries;
        done.push(...handled.map(({ body }) => body.toString()));
        return handled.length;
      });
      await waitFor(() => done.length >= MESSAGES, { what: 'all messages to be handled' });
      expect(done).toEqual(numbers);
    });

    it(`${name} delivers to one ordered consumer at a time, and to the next one when that stops`, async () => {
      const queue = await declare();
      const handled: [consumer: string, text: string][] = [];
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let hasBegun = false;
      const first = consume(queue, async (deliveries) => {
        hasBegun = true;
        await released;
        handled.push(...deliveries.map(({ body }) => ['first', body.toString()] as [string, string]));
        return deliveries.length;
      });
      await waitFor(() => first.isRegistered, { what: 'the first consumer to be registered' });
      const second = consume(queue, async (deliveries) => {
        handled.push(...deliveries.map(({ body }) => ['second', body.toString()] as [string, string]));
        return deliveries.length;
      });
      await waitFor(() => second.isRegistered, { what: 'the second consumer to be registered' });
      await sendAll(queue);
      await waitFor(() => hasBegun, { what: 'the first consumer to begin' });
      const stopped = first.stop();
      release();
      await stopped;
      await waitFor(() => handled.length >= MESSAGES, { what: 'all messages to be handled' });
      expect(handled.map(([, text]) => text)).toEqual(numbers);
      expect(new Set(handled.map(([consumer]) => consumer))).toEqual(new Set(['first', 'second']));
    });

    it(`${name} publishes in order over an ordered consumer’s channel, and rejects what reaches no queue`, async () => {
      const queue = await declare();
      const target = await declare('target');
      const codes: string[] = [];
      consume(queue, async (deliveries, { publish, affirm }) => {
        await affirm();
        const outcomes = deliveries.map(({ body }) => publish({ exchange: '', routingKey: target, body }));
        const missing = publish({ exchange: '', routingKey: shared.named('missing'), body: Buffer.from('x') });
        await missing.catch(({ code }: { code: string }) => codes.push(code));
        await Promise.all(outcomes);
        return deliveries.length;
      });
      await sendAll(queue);
      const arrived: string[] = [];
      consume(target, async (deliveries) => {
        arrived.push(...deliveries.map(({ body }) => body.toString()));
        return deliveries.length;
      });
      await waitFor(() => arrived.length >= MESSAGES, { what: 'all messages to be published' });
      expect(arrived).toEqual(numbers);
      expect(new Set(codes)).toEqual(new Set(['MESSAGE_UNROUTABLE']));
    });

    it(`${name} reports whether a queue has the properties that were declared`, async () => {
      const { topology } = shared.broker;
      const queue = shared.named('ordered');
      expect(topology.isAsDeclared(queue)).toBeUndefined();
      await topology.declareQueue({ name: queue, kind: 'quorum' });
      expect(topology.isAsDeclared(queue)).toBe(true);
      await topology.declareQueue({ name: queue, kind: 'quorum', isSingleActive: true });
      expect(topology.isAsDeclared(queue)).toBe(false);
    });

    it(`${name} delivers batches to an ordered consumer as their elements`, async () => {
      const queue = await declare();
      const elements = numbers.map((text) => encodeElement({ body: Buffer.from(text) }));
      await shared.broker.publish(batchMessage(elements, '', queue));
      const got: string[] = [];
      consume(queue, async (deliveries) => {
        got.push(...deliveries.map(({ body }) => body.toString()));
        return deliveries.length;
      });
      await waitFor(() => got.length >= MESSAGES, { what: 'all elements to be handled' });
      expect(got).toEqual(numbers);
    });
  });
}
