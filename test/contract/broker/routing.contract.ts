import { describe, expect, it } from 'vitest';
import type { SharedBroker } from '../../support/broker/shared-broker';
import { waitFor } from '../../support/waiting/wait-for';

/** Declarations and routing, for every broker adapter. */
export function describeRouting(name: string, shared: SharedBroker): void {
  describe('routing', () => {
    it(`${name} matches topic keys word by word`, async () => {
      const exchange = shared.named('x');
      await shared.broker.topology.declareExchange({ name: exchange, type: 'topic' });
      const queues = [
        { queue: shared.named('whole'), routingKey: 'user.profile' },
        { queue: shared.named('tail'), routingKey: '#.profile.#' },
        { queue: shared.named('star'), routingKey: '*.profile' },
      ];
      for (const { queue, routingKey } of queues) {
        await shared.broker.topology.declareQueue({
          name: queue,
          kind: 'quorum',
          bindings: [{ exchange, routingKey }],
        });
      }
      for (const routingKey of ['user.profile', 'profile', 'user.profiles.x', 'a.b.profile.c']) {
        await shared.broker.publish({ exchange, routingKey, body: Buffer.from(routingKey), mandatory: false });
      }
      const received = queues.map(({ queue }) => shared.collect(queue));
      await waitFor(() => received.flatMap(({ texts }) => texts).length >= 5);
      expect(received.map(({ texts }) => texts)).toEqual([
        ['user.profile'],
        ['user.profile', 'profile', 'a.b.profile.c'],
        ['user.profile'],
      ]);
    });

    it(`${name} routes by headers at a headers exchange, whatever the routing key`, async () => {
      const exchange = shared.named('x');
      const queues = [shared.named('a'), shared.named('b')];
      await shared.broker.topology.declareExchange({ name: exchange, type: 'headers' });
      for (const [index, queue] of queues.entries()) {
        const bindings = [{ exchange, routingKey: '', headers: { lane: String(index + 1) } }];
        await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum', bindings });
      }
      const received = queues.map((queue) => shared.collect(queue));
      const publish = (lane: string) =>
        shared.broker.publish({ exchange, routingKey: 'any', headers: { lane }, body: Buffer.from(lane) });
      await publish('1');
      await publish('2');
      await expect(publish('3')).rejects.toMatchObject({ code: 'MESSAGE_UNROUTABLE' });
      await waitFor(() => received.every(({ texts }) => texts.length === 1));
      expect(received.map(({ texts }) => texts)).toEqual([['1'], ['2']]);
    });

    it(`${name} no longer routes by a binding that was removed`, async () => {
      const [exchange, queue] = [shared.named('x'), shared.named('q')];
      await shared.broker.topology.declareExchange({ name: exchange, type: 'topic' });
      const bindings = [
        { exchange, routingKey: '#.a.#' },
        { exchange, routingKey: 'b' },
      ];
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum', bindings });
      await shared.broker.topology.removeBinding(queue, { exchange, routingKey: '#.a.#' });
      await shared.broker.topology.removeBinding(queue, { exchange, routingKey: 'never.bound' });
      const received = shared.collect(queue);
      const publish = (routingKey: string) =>
        shared.broker.publish({ exchange, routingKey, body: Buffer.from(routingKey), mandatory: false });
      await publish('some.a');
      await publish('b');
      await waitFor(() => received.texts.length > 0);
      expect(received.texts).toEqual(['b']);
    });

    it(`${name} dead-letters an expired message with its own routing key`, async () => {
      const [back, wait, mine] = [shared.named('back'), shared.named('wait'), shared.named('mine')];
      await shared.broker.topology.declareExchange({ name: back, type: 'topic' });
      await shared.broker.topology.declareExchange({ name: wait, type: 'fanout' });
      await shared.broker.topology.declareQueue({
        name: wait,
        kind: 'quorum',
        messageTtlMs: 50,
        deadLetter: { exchange: back },
        bindings: [{ exchange: wait, routingKey: '' }],
      });
      await shared.broker.topology.declareQueue({
        name: mine,
        kind: 'quorum',
        bindings: [{ exchange: back, routingKey: 'me' }],
      });
      const received = shared.collect(mine);
      await shared.broker.publish({ exchange: wait, routingKey: 'me', body: Buffer.from('a') });
      await waitFor(() => received.texts.length === 1);
    });

    it(`${name} reports the number of messages in a queue, and undefined for a missing queue`, async () => {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'classic' });
      await shared.send(queue, 'a');
      await waitFor(async () => (await shared.broker.topology.inspectQueue(queue))?.messages === 1);
      expect(await shared.broker.topology.inspectQueue(shared.named('nowhere'))).toBeUndefined();
    });

    it(`${name} keeps an existing queue that has other properties unchanged`, async () => {
      const queue = shared.named('q');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'classic' });
      await shared.send(queue, 'a');
      await shared.broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const received = shared.collect(queue);
      await waitFor(() => received.texts.length === 1);
    });
  });
}
