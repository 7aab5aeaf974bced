import { DbEventError } from '@dbem/db-event';
import type { Broker, Delivery } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support';

export interface BrokerHarness {
  /** A started broker client. All of one harness speak to the same broker. */
  makeBroker(): Promise<Broker>;
  tearDown(): Promise<void>;
}

/** What every broker adapter must do. */
export function describeBroker(name: string, setUp: () => Promise<BrokerHarness>): void {
  describe(`${name} as a Broker`, () => {
    let harness: BrokerHarness;
    let broker: Broker;

    beforeEach(async () => {
      harness = await setUp();
      broker = await harness.makeBroker();
      await waitFor(() => broker.health().isConnected);
    });

    afterEach(async () => {
      await broker.stop();
      await harness.tearDown();
    });

    const send = (queue: string, text: string) =>
      broker.publish({ exchange: '', routingKey: queue, body: Buffer.from(text) });

    function collect(queue: string, options = {}) {
      const batches: string[][] = [];
      const consumption = broker.consume(
        queue,
        async (deliveries) => {
          batches.push(deliveries.map(({ body }) => body.toString()));
        },
        options,
      );
      return { consumption, batches, texts: () => batches.flat() };
    }

    it('delivers messages in the order in which they were published', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      const texts = Array.from({ length: 500 }, (_, index) => `message ${index}`);
      const received = collect('q');
      await Promise.all(texts.map((text) => send('q', text)));
      await waitFor(() => received.texts().length === texts.length);
      expect(received.texts()).toEqual(texts);
    });

    it('announces to whoever listens, and to nobody as well', async () => {
      await broker.topology.declareExchange({ name: 'x', type: 'fanout' });
      const announce = (text: string) => broker.announce({ exchange: 'x', routingKey: '', body: Buffer.from(text) });
      await waitFor(() =>
        announce('nobody hears this').then(
          () => true,
          () => false,
        ),
      );
      await broker.topology.declareQueue({
        name: 'q',
        kind: 'classic',
        bindings: [{ exchange: 'x', routingKey: '' }],
      });
      const received = collect('q');
      await announce('news');
      await waitFor(() => received.texts().length === 1);
      expect(received.texts()).toEqual(['news']);
    });

    it('harms no publish by an announcement that is refused', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      const received = collect('q');
      const announced = broker.announce({ exchange: 'is not there', routingKey: '', body: Buffer.from('news') });
      const refused = expect(announced).rejects.toMatchObject({ retryable: true });
      const texts = Array.from({ length: 100 }, (_, index) => `message ${index}`);
      await Promise.all(texts.map((text) => send('q', text)));
      await refused;
      await waitFor(() => received.texts().length === texts.length);
    });

    it('hands over a message as it was published', async () => {
      await broker.topology.declareExchange({ name: 'x', type: 'topic' });
      await broker.topology.declareQueue({
        name: 'q',
        kind: 'quorum',
        bindings: [{ exchange: 'x', routingKey: 'a.b' }],
      });
      const deliveries: Delivery[] = [];
      broker.consume('q', async (batch) => void deliveries.push(...batch));
      const body = Buffer.from([0, 1, 2, 255]);
      await broker.publish({
        exchange: 'x',
        routingKey: 'a.b',
        body,
        headers: { 'x-number': 7, 'x-text': 'seven' },
        contentType: 'text/plain',
        messageId: 'id-1',
      });
      const [delivery] = await waitFor(() => deliveries.length > 0 && deliveries);
      expect(delivery).toMatchObject({
        body,
        headers: { 'x-number': 7, 'x-text': 'seven' },
        exchange: 'x',
        routingKey: 'a.b',
        contentType: 'text/plain',
        messageId: 'id-1',
        redelivered: false,
      });
    });

    it('rejects a message that no queue takes, and only that one', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      const outcomes = await Promise.allSettled([
        send('q', 'a'),
        send('nowhere', 'b'),
        send('q', 'c'),
        send('nowhere', 'd'),
      ]);
      expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'confirmed'))).toEqual([
        'confirmed',
        'MESSAGE_UNROUTABLE',
        'confirmed',
        'MESSAGE_UNROUTABLE',
      ]);
    });

    it('rejects a message to an exchange that is not there, as retryable, and goes on', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      const failure = await broker
        .publish({ exchange: 'missing', routingKey: 'q', body: Buffer.from('a') })
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(DbEventError);
      expect((failure as DbEventError).retryable).toBe(true);
      await waitFor(() =>
        send('q', 'b').then(
          () => true,
          () => false,
        ),
      );
    });

    it('delivers one publish to every queue that its CC names, once each', async () => {
      for (const name of ['a', 'b', 'c']) await broker.topology.declareQueue({ name, kind: 'quorum' });
      const [a, b, c] = ['a', 'b', 'c'].map((name) => collect(name));
      await broker.publish({ exchange: '', routingKey: 'a', cc: ['b'], body: Buffer.from('x') });
      await send('c', 'y');
      await waitFor(() => c?.texts().length === 1 && b?.texts().length === 1 && a?.texts().length === 1);
      expect([a?.texts(), b?.texts(), c?.texts()]).toEqual([['x'], ['x'], ['y']]);
    });

    it('follows no keys that stand in the headers of a message that is passed on', async () => {
      for (const name of ['a', 'b', 'c']) await broker.topology.declareQueue({ name, kind: 'quorum' });
      const [a, b, c] = ['a', 'b', 'c'].map((name) => collect(name));
      const headers = { CC: ['b'], BCC: ['c'], kept: 'x' };
      await broker.publish({ exchange: '', routingKey: 'a', headers, body: Buffer.from('passed on') });
      await Promise.all([send('b', 'last'), send('c', 'last')]);
      await waitFor(() => a?.texts().length === 1 && b?.texts().length === 1 && c?.texts().length === 1);
      expect([b?.texts(), c?.texts()]).toEqual([['last'], ['last']]);
    });

    it('routes by headers at a headers exchange, whatever the key', async () => {
      await broker.topology.declareExchange({ name: 'x', type: 'headers' });
      const bind = (headers: Record<string, string>) => [{ exchange: 'x', routingKey: '', headers }];
      await broker.topology.declareQueue({ name: 'a', kind: 'quorum', bindings: bind({ lane: '1' }) });
      await broker.topology.declareQueue({ name: 'b', kind: 'quorum', bindings: bind({ lane: '2' }) });
      const [a, b] = ['a', 'b'].map((name) => collect(name));
      for (const lane of ['1', '2']) {
        await broker.publish({ exchange: 'x', routingKey: 'any', headers: { lane }, body: Buffer.from(lane) });
      }
      const nowhere = { exchange: 'x', routingKey: 'any', headers: { lane: '3' }, body: Buffer.from('3') };
      await expect(broker.publish(nowhere)).rejects.toMatchObject({ code: 'MESSAGE_UNROUTABLE' });
      await waitFor(() => a?.texts().length === 1 && b?.texts().length === 1);
      expect([a?.texts(), b?.texts()]).toEqual([['1'], ['2']]);
    });

    it('routes no more by a binding that was removed', async () => {
      await broker.topology.declareExchange({ name: 'x', type: 'topic' });
      const bindings = [
        { exchange: 'x', routingKey: '#.a.#' },
        { exchange: 'x', routingKey: 'b' },
      ];
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum', bindings });
      await broker.topology.removeBinding('q', { exchange: 'x', routingKey: '#.a.#' });
      await broker.topology.removeBinding('q', { exchange: 'x', routingKey: 'never.bound' });
      const received = collect('q');
      const publish = (routingKey: string) =>
        broker.publish({ exchange: 'x', routingKey, body: Buffer.from(routingKey), mandatory: false });
      await publish('some.a');
      await publish('b');
      await waitFor(() => received.texts().length === 1);
      expect(received.texts()).toEqual(['b']);
    });

    it('lets every reader of a stream read all of it, from where it says, and what comes later', async () => {
      await broker.topology.declareStream({ name: 's', maxBytes: 1_000_000 });
      await broker.topology.declareStream({ name: 's', maxBytes: 1_000_000 });
      const read = (from: number) => {
        const offsets: (number | undefined)[] = [];
        const consumption = broker.consume(
          's',
          async (batch) => void offsets.push(...batch.map(({ offset }) => offset)),
          { readFrom: () => from },
        );
        return { offsets, consumption };
      };
      for (const text of ['a', 'b', 'c']) await send('s', text);
      const all = read(0);
      const some = read(2);
      await waitFor(() => all.offsets.length === 3 && some.offsets.length === 1);
      await send('s', 'd');
      await waitFor(() => all.offsets.length === 4 && some.offsets.length === 2);
      expect([all.offsets, some.offsets]).toEqual([
        [0, 1, 2, 3],
        [2, 3],
      ]);
      await Promise.all([all.consumption.stop(), some.consumption.stop()]);
    });

    it('matches topic keys word by word', async () => {
      await broker.topology.declareExchange({ name: 'x', type: 'topic' });
      for (const [name, routingKey] of [
        ['whole', 'user.profile'],
        ['tail', '#.profile.#'],
        ['star', '*.profile'],
      ] as const) {
        await broker.topology.declareQueue({ name, kind: 'quorum', bindings: [{ exchange: 'x', routingKey }] });
      }
      for (const routingKey of ['user.profile', 'profile', 'user.profiles.x', 'a.b.profile.c']) {
        await broker.publish({ exchange: 'x', routingKey, body: Buffer.from(routingKey) }).catch(() => {});
      }
      const received = ['whole', 'tail', 'star'].map((name) => collect(name));
      await waitFor(() => received[1]?.texts().length === 3);
      expect(received.map(({ texts }) => texts())).toEqual([
        ['user.profile'],
        ['user.profile', 'profile', 'a.b.profile.c'],
        ['user.profile'],
      ]);
    });

    it('gives no batch more than maxBatch, and never two at once to a handler that takes one', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      await Promise.all(Array.from({ length: 100 }, (_, index) => send('q', `${index}`)));
      let running = 0;
      let mostRunning = 0;
      const sizes: number[] = [];
      broker.consume(
        'q',
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

    it('delivers a batch again when its handler rejects', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      const seen: { text: string; redelivered: boolean }[] = [];
      broker.consume('q', async (batch) => {
        for (const { body, redelivered } of batch) seen.push({ text: body.toString(), redelivered });
        if (seen.length === 1) throw new Error('not this time');
      });
      await send('q', 'a');
      await waitFor(() => seen.length >= 2);
      expect(seen).toEqual([
        { text: 'a', redelivered: false },
        { text: 'a', redelivered: true },
      ]);
    });

    it('finishes the batch under way before it stops, and takes no more', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      let begun = 0;
      let finished = 0;
      let release = () => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const consumption = broker.consume(
        'q',
        async () => {
          begun += 1;
          await gate;
          finished += 1;
        },
        { maxBatch: 1 },
      );
      await send('q', 'a');
      await send('q', 'b');
      await waitFor(() => begun === 1);
      const stopped = consumption.stop();
      release();
      await stopped;
      expect(finished).toBe(1);
      await consumption.stop();

      const left = collect('q');
      await waitFor(() => left.texts().length > 0);
      expect(left.texts()).toEqual(['b']);
    });

    it('attaches to a queue that is declared later, and again after it was deleted', async () => {
      const received = collect('later');
      expect(received.consumption.isAttached).toBe(false);
      await broker.topology.declareQueue({ name: 'later', kind: 'quorum' });
      await waitFor(() => received.consumption.isAttached);
      await send('later', 'a');
      await waitFor(() => received.texts().length === 1);
      await broker.topology.deleteQueue('later');
      await waitFor(() => !received.consumption.isAttached);
      await broker.topology.declareQueue({ name: 'later', kind: 'quorum' });
      await send('later', 'b');
      await waitFor(() => received.texts().length === 2);
    });

    /** As whoever gets a retryable error does. */
    const insist = (operation: () => Promise<unknown>) =>
      waitFor(() =>
        operation().then(
          () => true,
          (error: DbEventError) => {
            if (!error.retryable) throw error;
            return false;
          },
        ),
      );

    it('attaches again to a queue that was deleted and declared again at once', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      const [first, second] = [collect('q'), collect('q')];
      await waitFor(() => first.consumption.isAttached && second.consumption.isAttached);
      for (let round = 0; round < 2; round += 1) {
        // RabbitMQ (3.10) may close the whole connection over it, with an internal error of its own.
        await insist(() => broker.topology.deleteQueue('q'));
        await insist(() => broker.topology.declareQueue({ name: 'q', kind: 'quorum' }));
        await insist(() => send('q', `${round}`));
        await waitFor(() => [...first.texts(), ...second.texts()].includes(`${round}`), { timeoutMs: 30_000 });
      }
    }, 120_000);

    it('answers a request with the reply that belongs to it', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      broker.consume('q', async (batch) => {
        for (const { replyTo = '', correlationId, body } of [...batch].reverse()) {
          await broker.publish({
            exchange: '',
            routingKey: replyTo,
            ...(correlationId !== undefined && { correlationId }),
            body: Buffer.from(`re: ${body}`),
            mandatory: false,
          });
        }
      });
      const texts = ['a', 'b', 'c'];
      const replies = await Promise.all(
        texts.map((text) =>
          broker.request({ exchange: '', routingKey: 'q', body: Buffer.from(text) }, { timeoutMs: 10_000 }),
        ),
      );
      expect(replies.map(({ body }) => body.toString())).toEqual(['re: a', 're: b', 're: c']);
    });

    it('rejects a request that nobody answers in time, or that no queue takes', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      const ask = (routingKey: string) =>
        broker.request({ exchange: '', routingKey, body: Buffer.from('?') }, { timeoutMs: 50 });
      await expect(ask('q')).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', retryable: true });
      await expect(ask('nowhere')).rejects.toMatchObject({ code: 'MESSAGE_UNROUTABLE', retryable: true });
    });

    it('moves what expires to the dead-letter exchange under its own key', async () => {
      await broker.topology.declareExchange({ name: 'back', type: 'topic' });
      await broker.topology.declareExchange({ name: 'wait', type: 'fanout' });
      await broker.topology.declareQueue({
        name: 'wait',
        kind: 'quorum',
        messageTtlMs: 50,
        deadLetter: { exchange: 'back' },
        bindings: [{ exchange: 'wait', routingKey: '' }],
      });
      await broker.topology.declareQueue({
        name: 'mine',
        kind: 'quorum',
        bindings: [{ exchange: 'back', routingKey: 'me' }],
      });
      const received = collect('mine');
      await broker.publish({ exchange: 'wait', routingKey: 'me', body: Buffer.from('a') });
      await waitFor(() => received.texts().length === 1);
    });

    it('tells how many messages wait in a queue, and when there is none such', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'classic' });
      await send('q', 'a');
      expect(await waitFor(async () => (await broker.topology.inspectQueue('q'))?.messages === 1)).toBe(true);
      expect(await broker.topology.inspectQueue('nowhere')).toBeUndefined();
    });

    it('leaves a queue that exists with other properties as it is', async () => {
      await broker.topology.declareQueue({ name: 'q', kind: 'classic' });
      await send('q', 'a');
      await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
      const received = collect('q');
      await waitFor(() => received.texts().length === 1);
    });

    it('stops twice, and before it was started', async () => {
      const other = await harness.makeBroker();
      await other.stop();
      await other.stop();
    });
  });
}
