import { batchMessage, type Delivery, encodeElement, type OutgoingMessage } from '@dbem/transport';
import { describe, expect, it } from 'vitest';
import type { SharedBroker } from '../../support/broker/shared-broker';
import { waitFor } from '../../support/waiting/wait-for';

/** Consuming batches, for every broker adapter. */
export function describeBatches(name: string, shared: SharedBroker): void {
  describe('batches', () => {
    const batchOf = (queue: string, ...texts: string[]): OutgoingMessage =>
      batchMessage(
        texts.map((text) => encodeElement({ body: Buffer.from(text), messageId: `id of ${text}`, headers: { text } })),
        '',
        queue,
      );
    const aloneIn = (queue: string) => ({
      alone: ({ body, messageId, headers }: Delivery) => ({
        exchange: '',
        routingKey: queue,
        body,
        headers,
        ...(messageId !== undefined && { messageId }),
      }),
    });

    async function declared(): Promise<string> {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      return queue;
    }

    it(`${name} passes the elements of batches and single messages to one handler, in order and with their properties`, async () => {
      const queue = await declared();
      await shared.broker.publish(batchOf(queue, 'a', 'b'));
      await shared.send(queue, 'c');
      await shared.broker.publish(batchOf(queue, 'd'));
      const handled: Delivery[] = [];
      shared.consume(
        queue,
        async (batch) => {
          handled.push(...batch);
        },
        { batches: aloneIn(queue) },
      );
      await waitFor(() => handled.length === 4);
      expect(handled.map(({ body }) => body.toString())).toEqual(['a', 'b', 'c', 'd']);
      expect(handled[1]).toMatchObject({ messageId: 'id of b', headers: { text: 'b' }, contentType: 'text/plain' });
      expect(handled.map(({ encoded }) => encoded !== undefined)).toEqual([true, true, false, true]);
    });

    it(`${name} takes a batch apart when it is delivered again, so that its elements come one by one`, async () => {
      const queue = await declared();
      const calls: string[][] = [];
      const handled = new Set<string>();
      shared.consume(
        queue,
        async (batch) => {
          const texts = batch.map(({ body }) => body.toString());
          calls.push(texts);
          if (texts.includes('bad')) throw new Error('not this one');
          for (const text of texts) handled.add(text);
        },
        // While one call fails, the other elements go on.
        { batches: aloneIn(queue), maxBatch: 1, maxBatchesInFlight: 2 },
      );
      await shared.broker.publish(batchOf(queue, 'a', 'bad', 'c'));
      await waitFor(() => handled.size === 2 && calls.filter((texts) => texts.includes('bad')).length > 2);
      expect([...handled].sort()).toEqual(['a', 'c']);
    });
  });
}
