import { DbEventError, type DbEventErrorCode } from '@dbem/db-event';
import type { Delivery } from '@dbem/transport';
import { describe, expect, it } from 'vitest';
import type { SharedBroker } from '../../support/broker/shared-broker';
import { isAccepted } from '../../support/waiting/is-accepted';
import { waitFor } from '../../support/waiting/wait-for';

/** Publishing, for every broker adapter. */
export function describePublishing(name: string, shared: SharedBroker): void {
  describe('publishing', () => {
    it(`${name} delivers messages in the order in which they were published`, async () => {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const texts = Array.from({ length: 500 }, (_, index) => `message ${index}`);
      const received = shared.collect(queue);
      await Promise.all(texts.map((text) => shared.send(queue, text)));
      await waitFor(() => received.texts.length === texts.length);
      expect(received.texts).toEqual(texts);
    });

    it(`${name} delivers a message with its body, headers and properties unchanged`, async () => {
      const [exchange, queue] = [shared.named('x'), shared.named('q')];
      await shared.broker.topology.declareExchange({ name: exchange, type: 'topic' });
      await shared.broker.topology.declareQueue({
        name: queue,
        kind: 'quorum',
        bindings: [{ exchange, routingKey: 'a.b' }],
      });
      const deliveries: Delivery[] = [];
      shared.consume(queue, async (batch) => void deliveries.push(...batch));
      const message = {
        exchange,
        routingKey: 'a.b',
        body: Buffer.from([0, 1, 2, 255]),
        headers: { 'x-number': 7, 'x-text': 'seven' },
        contentType: 'text/plain',
        messageId: 'id-1',
      };
      await shared.broker.publish(message);
      const [delivery] = await waitFor(() => deliveries.length > 0 && deliveries);
      expect(delivery).toMatchObject({ ...message, redelivered: false });
    });

    it(`${name} rejects only the messages that no queue receives`, async () => {
      const [queue, nowhere] = [shared.named('q'), shared.named('nowhere')];
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const outcomes = await Promise.allSettled([
        shared.send(queue, 'a'),
        shared.send(nowhere, 'b'),
        shared.send(queue, 'c'),
        shared.send(nowhere, 'd'),
      ]);
      expect(outcomes.map(codeOf)).toEqual(['confirmed', 'MESSAGE_UNROUTABLE', 'confirmed', 'MESSAGE_UNROUTABLE']);
    });

    it(`${name} rejects a publish to a missing exchange as retryable, and then publishes again`, async () => {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const failure = await shared.broker
        .publish({ exchange: shared.named('missing'), routingKey: queue, body: Buffer.from('a') })
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(DbEventError);
      expect((failure as DbEventError).retryable).toBe(true);
      await waitFor(() => isAccepted(shared.send(queue, 'b')));
    });

    it(`${name} delivers a publish once to each queue in its CC`, async () => {
      const queues = ['a', 'b', 'c'].map((queue) => shared.named(queue)) as [string, string, string];
      const [a, b, c] = queues;
      for (const queue of queues) await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const received = queues.map((queue) => shared.collect(queue));
      await shared.broker.publish({ exchange: '', routingKey: a, cc: [b], body: Buffer.from('x') });
      await shared.send(c, 'y');
      await waitFor(() => received.every(({ texts }) => texts.length === 1));
      expect(received.map(({ texts }) => texts)).toEqual([['x'], ['x'], ['y']]);
    });

    it(`${name} does not route by the CC and BCC headers of a message that is forwarded`, async () => {
      const queues = ['a', 'b', 'c'].map((queue) => shared.named(queue)) as [string, string, string];
      const [a, b, c] = queues;
      for (const queue of queues) await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const received = queues.map((queue) => shared.collect(queue));
      const headers = { CC: [b], BCC: [c], kept: 'x' };
      await shared.broker.publish({ exchange: '', routingKey: a, headers, body: Buffer.from('forwarded') });
      await Promise.all([shared.send(b, 'last'), shared.send(c, 'last')]);
      await waitFor(() => received.every(({ texts }) => texts.length === 1));
      expect(received.map(({ texts }) => texts)).toEqual([['forwarded'], ['last'], ['last']]);
    });

    it(`${name} resolves a transient publish whether or not a queue is bound`, async () => {
      const [exchange, queue] = [shared.named('x'), shared.named('q')];
      const publishTransient = (text: string) =>
        shared.broker.publishTransient({ exchange, routingKey: '', body: Buffer.from(text) });
      await shared.broker.topology.declareExchange({ name: exchange, type: 'fanout' });
      await waitFor(() => isAccepted(publishTransient('without a queue')));
      await shared.broker.topology.declareQueue({
        name: queue,
        kind: 'classic',
        bindings: [{ exchange, routingKey: '' }],
      });
      const received = shared.collect(queue);
      await publishTransient('news');
      await waitFor(() => received.texts.length === 1);
      expect(received.texts).toEqual(['news']);
    });

    it(`${name} confirms all other publishes when a transient publish is rejected`, async () => {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const received = shared.collect(queue);
      const missing = { exchange: shared.named('missing'), routingKey: queue, body: Buffer.from('news') };
      const refused = expect(shared.broker.publishTransient(missing)).rejects.toMatchObject({ retryable: true });
      const texts = Array.from({ length: 100 }, (_, index) => `message ${index}`);
      await Promise.all(texts.map((text) => shared.send(queue, text)));
      await refused;
      await waitFor(() => received.texts.length === texts.length);
    });
  });
}

function codeOf(outcome: PromiseSettledResult<void>): DbEventErrorCode | 'confirmed' {
  return outcome.status === 'rejected' ? (outcome.reason as DbEventError).code : 'confirmed';
}
