import { describe, expect, it } from 'vitest';
import type { SharedBroker } from '../../support/broker/shared-broker';
import { isAccepted } from '../../support/waiting/is-accepted';
import { waitFor } from '../../support/waiting/wait-for';

/** Consuming, for every broker adapter. */
export function describeConsuming(name: string, shared: SharedBroker): void {
  describe('consuming', () => {
    it(`${name} passes at most maxBatch deliveries per call, and by default does not call a handler again before it has resolved`, async () => {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      await Promise.all(Array.from({ length: 100 }, (_, index) => shared.send(queue, `${index}`)));
      let running = 0;
      let mostRunning = 0;
      const sizes: number[] = [];
      shared.consume(
        queue,
        async (batch) => {
          running += 1;
          mostRunning = Math.max(mostRunning, running);
          sizes.push(batch.length);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
        },
        { maxBatch: 30 },
      );
      await waitFor(() => sizes.reduce((sum, size) => sum + size, 0) === 100);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(30);
      expect(mostRunning).toBe(1);
    });

    it(`${name} redelivers a batch when its handler rejects`, async () => {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const handled: { text: string; redelivered: boolean }[] = [];
      shared.consume(queue, async (batch) => {
        for (const { body, redelivered } of batch) handled.push({ text: body.toString(), redelivered });
        if (handled.length === 1) throw new Error('not this time');
      });
      await shared.send(queue, 'a');
      await waitFor(() => handled.length >= 2);
      expect(handled).toEqual([
        { text: 'a', redelivered: false },
        { text: 'a', redelivered: true },
      ]);
    });

    it(`${name} finishes the batch in progress when a consumption is stopped, and starts no other`, async () => {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      let begun = 0;
      let finished = 0;
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const consumption = shared.consume(
        queue,
        async () => {
          begun += 1;
          await released;
          finished += 1;
        },
        { maxBatch: 1 },
      );
      await shared.send(queue, 'a');
      await shared.send(queue, 'b');
      await waitFor(() => begun === 1);
      const stopped = consumption.stop();
      release();
      await stopped;
      expect(finished).toBe(1);
      await consumption.stop();

      const left = shared.collect(queue);
      await waitFor(() => left.texts.length > 0);
      expect(left.texts).toEqual(['b']);
    });

    it(`${name} registers a consumer when its queue is declared, and again after the queue was deleted and declared again`, async () => {
      const queue = shared.named('later');
      // A separate client: RabbitMQ (3.10) may close the whole connection with an internal error here.
      const broker = await shared.makeBroker();
      const texts: string[] = [];
      const consumption = broker.consume(queue, async (batch) => {
        texts.push(...batch.map(({ body }) => body.toString()));
      });
      const declareAndSend = async (text: string) => {
        await waitFor(() => isAccepted(broker.topology.declareQueue({ name: queue, kind: 'quorum' })));
        await waitFor(() => consumption.isRegistered);
        await waitFor(() => isAccepted(broker.publish({ exchange: '', routingKey: queue, body: Buffer.from(text) })));
        await waitFor(() => texts.includes(text));
      };
      expect(consumption.isRegistered).toBe(false);
      await declareAndSend('a');
      await waitFor(() => isAccepted(broker.topology.deleteQueue(queue)));
      await waitFor(() => !consumption.isRegistered);
      await declareAndSend('b');
      await consumption.stop();
      await broker.stop();
    });

    it(`${name} registers its consumers again when their queue was deleted and declared again at once`, async () => {
      const queue = shared.named('q');
      // A separate client: RabbitMQ (3.10) may close the whole connection with an internal error here.
      const broker = await shared.makeBroker();
      const send = (text: string) => broker.publish({ exchange: '', routingKey: queue, body: Buffer.from(text) });
      const texts: string[] = [];
      await broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const consumptions = [1, 2].map(() =>
        broker.consume(queue, async (batch) => {
          texts.push(...batch.map(({ body }) => body.toString()));
        }),
      );
      await waitFor(() => consumptions.every(({ isRegistered }) => isRegistered));
      for (let round = 0; round < 2; round += 1) {
        await waitFor(() => isAccepted(broker.topology.deleteQueue(queue)));
        await waitFor(() => isAccepted(broker.topology.declareQueue({ name: queue, kind: 'quorum' })));
        await waitFor(() => isAccepted(send(`${round}`)));
        await waitFor(() => texts.includes(`${round}`));
      }
      await broker.stop();
    });

    it(`${name} delivers a stream to each reader from its start offset`, async () => {
      const stream = shared.named('s');
      await shared.broker.topology.declareStream({ name: stream, maxBytes: 1_000_000 });
      await shared.broker.topology.declareStream({ name: stream, maxBytes: 1_000_000 });
      const read = (from: number) => {
        const offsets: (number | undefined)[] = [];
        shared.consume(stream, async (batch) => void offsets.push(...batch.map(({ offset }) => offset)), {
          readFrom: () => from,
        });
        return offsets;
      };
      for (const text of ['a', 'b', 'c']) await shared.send(stream, text);
      const all = read(0);
      const some = read(2);
      await waitFor(() => all.length === 3 && some.length === 1);
      await shared.send(stream, 'd');
      await waitFor(() => all.length === 4 && some.length === 2);
      expect([all, some]).toEqual([
        [0, 1, 2, 3],
        [2, 3],
      ]);
    });

    it(`${name} can be stopped twice`, async () => {
      const other = await shared.makeBroker();
      await other.stop();
      await other.stop();
    });
  });
}
