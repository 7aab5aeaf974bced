import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { RabbitMqBroker } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';
import { TcpProxy, waitFor } from '../support';

const LOCAL = fileURLToPath(new URL('../../.local', import.meta.url));

/** Faults that hit a whole server, so it is one of the tests' own. */
describe('RabbitMqBroker on a server in trouble', () => {
  let server: PrivateRabbitMq;
  let proxy: TcpProxy;
  let broker: RabbitMqBroker;
  const received: string[] = [];

  beforeAll(async () => {
    server = await PrivateRabbitMq.start(`${LOCAL}/broker-faults-${randomUUID().slice(0, 8)}`);
    // Late acknowledgements are looked for at each tick of a channel, which is a minute by default.
    await server.control('eval', 'application:set_env(rabbit, channel_tick_interval, 500).');
  }, 120_000);

  afterAll(async () => {
    await server?.stop();
  });

  beforeEach(async () => {
    proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
    broker = new RabbitMqBroker({
      url: `amqp://guest:guest@127.0.0.1:${proxy.port}`,
      heartbeatS: 1,
      confirmTimeoutMs: 1_500,
    });
    received.length = 0;
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
  });

  afterEach(async () => {
    await broker.topology.deleteQueue('q').catch(() => {});
    await broker.stop();
    await proxy.stop();
  });

  const send = (text: string, exchange = '') => broker.publish({ exchange, routingKey: 'q', body: Buffer.from(text) });
  const sendUntilConfirmed = (text: string) =>
    waitFor(
      () =>
        send(text).then(
          () => true,
          () => false,
        ),
      { timeoutMs: 30_000, what: `${text} to be confirmed` },
    );
  const consume = () =>
    broker.consume('q', async (batch) => {
      received.push(...batch.map(({ body }) => body.toString()));
    });

  it('says that publishers are blocked by a memory alarm, gives up a confirm that does not come, and goes on after it', async () => {
    const consumption = consume();
    await waitFor(() => consumption.isAttached);
    await server.control('set_vm_memory_high_watermark', '0.0000001');
    try {
      await waitFor(async () => (await server.control('status')).includes('Memory alarm'), { timeoutMs: 60_000 });
      // The broker says nothing before somebody publishes; this one's confirm does not come.
      await expect(send('blocked')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE', retryable: true });
      await waitFor(() => broker.health().blockedReason !== undefined);
      expect(broker.health().isConnected).toBe(false);
      await expect(send('refused')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    } finally {
      await server.control('set_vm_memory_high_watermark', '0.4');
    }
    await waitFor(() => broker.health().isConnected, { timeoutMs: 60_000 });
    await sendUntilConfirmed('after');
    await waitFor(() => received.includes('after'));
  }, 240_000);

  it('attaches anew, and gets the delivery again, when the broker closed the channel of a late acknowledgement', async () => {
    await server.control('eval', 'application:set_env(rabbit, consumer_timeout, 1000).');
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const seen: boolean[] = [];
    const attachments: (number | undefined)[] = [];
    try {
      const consumption = broker.consume('q', async (batch) => {
        seen.push(...batch.map(({ redelivered }) => redelivered));
        attachments.push(consumption.attachment);
        if (seen.length === 1) await gate;
      });
      await waitFor(() => consumption.isAttached);
      await send('slow');
      await waitFor(() => seen.length === 2, { timeoutMs: 60_000, what: 'the delivery to come again' });
      expect(seen).toEqual([false, true]);
      expect(attachments).toEqual([1, 2]);
      release();
      await send('next');
      await waitFor(() => seen.length === 3);
      expect(broker.health()).toMatchObject({ isConnected: true, reconnects: 0 });
    } finally {
      release();
      await server.control('eval', 'application:set_env(rabbit, consumer_timeout, 1800000).');
    }
  }, 240_000);

  it('goes on with all else when the broker closed the publishing channel alone (404)', async () => {
    const consumption = consume();
    await waitFor(() => consumption.isAttached);
    await expect(send('lost', 'no.such.exchange')).rejects.toMatchObject({ retryable: true });
    expect(consumption.attachment).toBe(1);
    await sendUntilConfirmed('next');
    await waitFor(() => received.includes('next'));
    expect(consumption.attachment).toBe(1);
    expect(broker.health().reconnects).toBe(0);
  });

  it('goes on when the broker refused a declaration (406)', async () => {
    await broker.topology.declareExchange({ name: 'x', type: 'topic' });
    await expect(broker.topology.declareExchange({ name: 'x', type: 'fanout' })).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
    });
    expect(await broker.topology.inspectQueue('q')).toMatchObject({ messages: 0 });
    await send('next');
  });

  it('is detached while its queue is gone, and attached when it is back', async () => {
    const consumption = consume();
    await waitFor(() => consumption.isAttached);
    await broker.topology.deleteQueue('q');
    await waitFor(() => !consumption.isAttached);
    await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
    await waitFor(() => consumption.isAttached);
    await send('next');
    await waitFor(() => received.includes('next'));
  });

  it('is detached from a peer that swallows everything, though TCP is up, and attached when that speaks again', async () => {
    const consumption = consume();
    await waitFor(() => consumption.isAttached);
    proxy.silence();
    await waitFor(() => !consumption.isAttached && !broker.health().isConnected, { timeoutMs: 30_000 });
    proxy.restore();
    await waitFor(() => consumption.isAttached && broker.health().isConnected, { timeoutMs: 30_000 });
    await sendUntilConfirmed('next');
    await waitFor(() => received.includes('next'));
  });

  it('is killed in the middle, with publishes in flight, and comes back', async () => {
    const consumption = consume();
    await waitFor(() => consumption.isAttached);
    await server.restartGently();
    await waitFor(() => consumption.isAttached, { timeoutMs: 60_000 });
    const sending = Promise.allSettled(Array.from({ length: 200 }, (_, index) => send(`m${index}`)));
    await server.kill();
    const outcomes = await sending;
    await waitFor(() => !consumption.isAttached);
    await server.restart();
    await waitFor(() => consumption.isAttached, { timeoutMs: 60_000 });
    const confirmed = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [`m${index}`] : []));
    await waitFor(() => confirmed.every((text) => received.includes(text)), { timeoutMs: 30_000 });
  }, 240_000);
});
