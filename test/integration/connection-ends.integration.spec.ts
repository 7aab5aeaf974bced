import { RabbitMqBroker } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHANNEL_CLOSE_OK, closeFrame, OPEN_OK } from '../support/broker/amqp-frames';
import { TcpProxy } from '../support/network/tcp-proxy';
import { type FreshVhost, freshVhost } from '../support/servers/fresh-vhost';
import { waitFor } from '../support/waiting/wait-for';

describe('a RabbitMqBroker whose connection ends', () => {
  let vhost: FreshVhost;
  let proxy: TcpProxy;
  let broker: RabbitMqBroker;

  beforeAll(async () => {
    vhost = await freshVhost();
  });

  beforeEach(async () => {
    const url = new URL(vhost.amqpUrl);
    proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    // The confirm timeout is longer than a test may take: only the end of the connection rejects a publish.
    broker = new RabbitMqBroker({ url: url.toString(), heartbeatS: 5, confirmTimeoutMs: 600_000 });
  });

  afterEach(async () => {
    await broker.stop();
    await proxy.stop();
  });

  afterAll(() => vhost?.drop());

  const isConnected = () => waitFor(() => broker.health().isConnected);
  const publish = (queue: string, text: string) =>
    broker.publish({ exchange: '', routingKey: queue, body: Buffer.from(text) });

  it('RabbitMqBroker reconnects when the server closes a connection directly after opening it', async () => {
    let closed = 0;
    proxy.alterAnswers((answer) => {
      if (closed === 3 || !answer.includes(OPEN_OK)) return answer;
      closed += 1;
      return Buffer.concat([answer, closeFrame(320, 'CONNECTION_FORCED')]);
    });
    await broker.start();
    await waitFor(() => closed === 3, { what: 'three connections to be closed directly after opening' });
    await isConnected();
    await broker.topology.declareQueue({ name: 'opened', kind: 'quorum' });
    await publish('opened', 'after');
  });

  /** Cuts the network instead of confirming that a channel is closed, and restores it. */
  function cutAtChannelClose(times: number): () => boolean {
    let cuts = 0;
    proxy.alterAnswers((answer) => {
      if (cuts === times || !answer.includes(CHANNEL_CLOSE_OK)) return answer;
      cuts += 1;
      proxy.dropConnections();
      return Buffer.alloc(0);
    });
    return () => cuts === times;
  }

  it('RabbitMqBroker reconnects when its connection is lost before the close of its first channel is confirmed', async () => {
    // The first channel of each connection is closed at once.
    const isCut = cutAtChannelClose(6);
    await broker.start();
    await waitFor(isCut, { what: 'the connections to be lost' });
    await isConnected();
    await broker.topology.declareQueue({ name: 'channel', kind: 'quorum' });
    await publish('channel', 'after');
  });

  it('A browse ends, and the next one works, when the connection is lost before the close of its channel is confirmed', async () => {
    await broker.start();
    await isConnected();
    await broker.topology.declareQueue({ name: 'browsed', kind: 'quorum' });
    await publish('browsed', 'message');
    const isCut = cutAtChannelClose(1);
    // The lock's channel is closed before the browse.
    await expect(broker.browse('browsed', () => 'keep')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(isCut()).toBe(true);
    await isConnected();
    await waitFor(async () => (await broker.browse('browsed', () => 'keep')).visited === 1);
  });

  it('A broker stops when its connection is lost while it browses, before the close of the channel is confirmed', async () => {
    await broker.start();
    await isConnected();
    await broker.topology.declareQueue({ name: 'visited', kind: 'quorum' });
    await publish('visited', 'message');
    let isCut = () => false;
    const browse = broker.browse('visited', () => {
      isCut = cutAtChannelClose(1);
      return 'keep';
    });
    await Promise.allSettled([browse]);
    expect(isCut()).toBe(true);
  });

  it.each([
    ['closed with 541 INTERNAL_ERROR', () => proxy.alterAnswers(() => closeFrame(541, 'INTERNAL_ERROR'))],
    ['cut', () => proxy.cut()],
  ])(
    'RabbitMqBroker rejects all unconfirmed publishes when its connection is %s, and publishes again',
    async (how, end) => {
      const queue = `connection ${how}`;
      const texts = Array.from({ length: 500 }, (_, index) => `m${index}`);
      await broker.start();
      await isConnected();
      await broker.topology.declareQueue({ name: queue, kind: 'quorum' });
      const consumed = new Set<string>();
      broker.consume(queue, async (batch) => {
        for (const { body } of batch) consumed.add(body.toString());
      });
      // The connection ends before the first confirm arrives.
      end();
      const outcomes = await Promise.allSettled(texts.map((text) => publish(queue, text)));
      const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'confirmed'));
      expect(new Set(codes)).toEqual(new Set(['BROKER_UNAVAILABLE']));
      expect(broker.health().isConnected).toBe(false);

      proxy.restore();
      await isConnected();
      expect(broker.health().reconnects).toBeGreaterThan(0);
      await Promise.all(texts.map((text) => publish(queue, text)));
      await waitFor(() => consumed.size === 500);
    },
  );
});
