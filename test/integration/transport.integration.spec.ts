import { pause } from '@dbem/runtime';
import { RabbitMqBroker, type RabbitMqBrokerOptions } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefused } from '../support/network/expect-refused';
import { TcpProxy } from '../support/network/tcp-proxy';
import { type FreshVhost, freshVhost, management } from '../support/servers/fresh-vhost';
import { waitFor } from '../support/waiting/wait-for';

describe('RabbitMqBroker on a failing network', () => {
  let vhost: FreshVhost;
  let proxy: TcpProxy;
  let broker: RabbitMqBroker;
  const received: string[] = [];

  beforeAll(async () => {
    vhost = await freshVhost();
  });

  beforeEach(async () => {
    const url = new URL(vhost.amqpUrl);
    proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    broker = makeBroker();
    received.length = 0;
  });

  afterEach(async () => {
    proxy.restore();
    await waitFor(() => broker.health().isConnected);
    for (const queue of ['q', 's']) await broker.topology.deleteQueue(queue);
    await broker.stop();
    await proxy.stop();
  });

  afterAll(async () => {
    await vhost.drop();
  });

  function makeBroker(options: Partial<RabbitMqBrokerOptions> = {}): RabbitMqBroker {
    const url = new URL(vhost.amqpUrl);
    url.port = String(proxy.port);
    return new RabbitMqBroker({ url: url.toString(), ...options });
  }

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

  it('RabbitMqBroker connects when the server becomes available after it was started', async () => {
    proxy.cut();
    await expectRefused(proxy.port);
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

  it('RabbitMqBroker registers its consumers again after the connection was cut', async () => {
    await startWithQueue();
    const consumption = consume();
    await waitFor(() => consumption.isRegistered);
    proxy.cut();
    await expectRefused(proxy.port);
    await waitFor(() => !consumption.isRegistered && !broker.health().isConnected);
    proxy.restore();
    await waitFor(() => consumption.isRegistered);
    await sendUntilConfirmed('after');
    await waitFor(() => received.includes('after'));
    expect(broker.health().reconnects).toBe(1);
  });

  it('RabbitMqBroker detects a server that stops responding, and rejects the publishes in flight', async () => {
    broker = makeBroker({ heartbeatS: 1, confirmTimeoutMs: 1_000 });
    await startWithQueue();
    proxy.silence();
    const rejected = expect(send('a')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    await waitFor(() => proxy.swallowedBytes > 0);
    await rejected;
    await waitFor(() => !broker.health().isConnected);
    proxy.restore();
    await sendUntilConfirmed('b');
  });

  it('A request is rejected at once when its connection is lost, because no reply can arrive', async () => {
    await startWithQueue();
    const asked = broker.request({ exchange: '', routingKey: 'q', body: Buffer.from('?') }, { timeoutMs: 600_000 });
    await waitFor(async () => (await broker.topology.inspectQueue('q'))?.messages === 1);
    proxy.cut();
    await expect(asked).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE', retryable: true });
  });

  it('RabbitMqBroker registers its consumers again after the server closed the connection', async () => {
    broker = makeBroker({ connectionName: 'to be closed' });
    await startWithQueue();
    const consumption = consume();
    await waitFor(() => consumption.isRegistered);
    const { name } = await waitFor(async () => {
      const path = `/api/vhosts/${vhost.vhost}/connections`;
      const all = (await management('GET', path)) as { name: string; user_provided_name?: string }[];
      return all.find(({ user_provided_name }) => user_provided_name === 'to be closed (consuming)');
    });
    await management('DELETE', `/api/connections/${encodeURIComponent(name)}`);
    await waitFor(() => broker.health().reconnects === 1 && consumption.isRegistered);
    await sendUntilConfirmed('after');
    await waitFor(() => received.includes('after'));
  });

  it('RabbitMqBroker rejects only the publishes whose messages are returned as unroutable', async () => {
    await startWithQueue();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => send(`${index}`, index % 10 === 0 ? 'nowhere' : 'q')),
    );
    const rejected = outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [index] : []));
    expect(rejected).toEqual(Array.from({ length: 20 }, (_, index) => index * 10));
  });

  it('A stream reader keeps its registration, while an idle queue consumer is registered again', async () => {
    broker = makeBroker({ consumerCheckIntervalMs: 100 });
    await startWithQueue();
    await broker.topology.declareStream({ name: 's', maxBytes: 1_000_000 });
    const idle = consume();
    const reader = broker.consume('s', async () => {}, { readFrom: () => 0 });
    await waitFor(() => reader.registration !== undefined && idle.registration !== undefined);
    await waitFor(() => (idle.registration ?? 0) > 1);
    expect(reader.registration).toBe(1);
  });

  it('A consumer, ordered or not, counts as registered while it is idle and is registered again and again', async () => {
    broker = makeBroker({ consumerCheckIntervalMs: 100 });
    await startWithQueue();
    const idle = [consume(), broker.consumeInOrder('q', async (deliveries) => deliveries.length, { maxBatch: 10 })];
    await waitFor(() => idle.every(({ isRegistered }) => isRegistered));
    const seen = new Set<boolean>();
    const hasBeenRegisteredAgain = () => idle.every(({ registration = 0 }) => registration >= 4);
    const deadlineMs = Date.now() + 60_000;
    while (!hasBeenRegisteredAgain() && Date.now() < deadlineMs) {
      for (const { isRegistered } of idle) seen.add(isRegistered);
      await pause(1);
    }
    expect(hasBeenRegisteredAgain()).toBe(true);
    expect([...seen]).toEqual([true]);
  });
});
