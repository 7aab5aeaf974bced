import { RabbitMqBroker } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshVhost, freshVhost, management, TcpProxy, waitFor } from '../support';

describe('RabbitMqBroker on a network that fails', () => {
  let vhost: FreshVhost;
  let proxy: TcpProxy;
  let broker: RabbitMqBroker;
  const received: string[] = [];

  beforeEach(async () => {
    vhost = await freshVhost();
    const url = new URL(vhost.amqpUrl);
    proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    broker = new RabbitMqBroker({ url: url.toString(), heartbeatS: 1, confirmTimeoutMs: 1_000 });
    received.length = 0;
  });

  afterEach(async () => {
    await broker.stop();
    await proxy.stop();
    await vhost.drop();
  });

  const send = (text: string, routingKey = 'q') =>
    broker.publish({ exchange: '', routingKey, body: Buffer.from(text) });
  const sendUntilConfirmed = (text: string) =>
    waitFor(() =>
      send(text).then(
        () => true,
        () => false,
      ),
    );
  const consume = () =>
    broker.consume('q', async (batch) => {
      received.push(...batch.map(({ body }) => body.toString()));
    });

  async function startWithQueue(): Promise<void> {
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
  }

  it('starts before there is a broker, and is there when the broker is', async () => {
    proxy.cut();
    await broker.start();
    await expect(send('a')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE', retryable: true });
    await expect(broker.topology.declareQueue({ name: 'q', kind: 'quorum' })).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
    });
    proxy.restore();
    await waitFor(() => broker.health().isConnected);
    await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
    await send('a');
  });

  it('attaches its consumers again after the connection was cut', async () => {
    await startWithQueue();
    const consumption = consume();
    await waitFor(() => consumption.isAttached);
    proxy.cut();
    await waitFor(() => !consumption.isAttached && !broker.health().isConnected);
    proxy.restore();
    await waitFor(() => consumption.isAttached);
    await sendUntilConfirmed('after');
    await waitFor(() => received.includes('after'));
    expect(broker.health().reconnects).toBe(1);
  });

  it('notices a peer that has fallen silent, and rejects what was in flight', async () => {
    await startWithQueue();
    proxy.silence();
    await expect(send('a')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    await waitFor(() => !broker.health().isConnected);
    proxy.restore();
    await sendUntilConfirmed('b');
  });

  it('tells who waits for an answer at once when none can come any more', async () => {
    await startWithQueue();
    const asked = broker.request({ exchange: '', routingKey: 'q', body: Buffer.from('?') }, { timeoutMs: 600_000 });
    await waitFor(async () => (await broker.topology.inspectQueue('q'))?.messages === 1);
    proxy.cut();
    await expect(asked).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE', retryable: true });
  });

  it('attaches anew when the broker closed the connection', async () => {
    await startWithQueue();
    const consumption = consume();
    await waitFor(() => consumption.isAttached);
    const connections = await waitFor(async () => {
      const all = (await management('GET', `/api/vhosts/${vhost.vhost}/connections`)) as { name: string }[];
      return all.length > 0 && all;
    });
    for (const { name } of connections) await management('DELETE', `/api/connections/${encodeURIComponent(name)}`);
    await waitFor(() => broker.health().reconnects === 1 && consumption.isAttached);
    await sendUntilConfirmed('after');
    await waitFor(() => received.includes('after'));
  });

  it('keeps a confirmed neighbour apart from a message that comes back', async () => {
    await startWithQueue();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => send(`${index}`, index % 10 === 0 ? 'nowhere' : 'q')),
    );
    const rejected = outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [index] : []));
    expect(rejected).toEqual(Array.from({ length: 20 }, (_, index) => index * 10));
  });

  it('leaves the reader of a stream attached, while a quiet consumer of a queue is attached anew', async () => {
    await startWithQueue();
    await broker.topology.declareStream({ name: 's', maxBytes: 1_000_000 });
    const quiet = consume();
    const reader = broker.consume('s', async () => {}, { readFrom: () => 0 });
    await waitFor(() => reader.attachment === 1 && quiet.attachment === 1);
    await waitFor(() => (quiet.attachment ?? 0) > 1);
    expect(reader.attachment).toBe(1);
  });
});
