import { describe, expect, it } from 'vitest';
import type { SharedBroker } from '../../support/broker/shared-broker';

/** Requests and replies, for every broker adapter. */
export function describeRequests(name: string, shared: SharedBroker): void {
  describe('requests', () => {
    it(`${name} resolves each request with its own reply`, async () => {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      shared.consume(queue, async (batch) => {
        for (const { replyTo = '', correlationId, body } of [...batch].reverse()) {
          await shared.broker.publish({
            exchange: '',
            routingKey: replyTo,
            ...(correlationId !== undefined && { correlationId }),
            body: Buffer.from(`re: ${body}`),
            mandatory: false,
          });
        }
      });
      const replies = await Promise.all(
        ['a', 'b', 'c'].map((text) =>
          shared.broker.request({ exchange: '', routingKey: queue, body: Buffer.from(text) }, { timeoutMs: 60_000 }),
        ),
      );
      expect(replies.map(({ body }) => body.toString())).toEqual(['re: a', 're: b', 're: c']);
    });

    it(`${name} rejects a request that gets no reply in time or that no queue receives`, async () => {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const request = (routingKey: string) =>
        shared.broker.request({ exchange: '', routingKey, body: Buffer.from('?') }, { timeoutMs: 50 });
      await expect(request(queue)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', retryable: true });
      await expect(request(shared.named('nowhere'))).rejects.toMatchObject({
        code: 'MESSAGE_UNROUTABLE',
        retryable: true,
      });
    });
  });
}
