import { MessageHandlerErrorBehavior, Nack } from '@golevelup/nestjs-rabbitmq';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../broker.port';
import { InMemoryBroker } from '../in-memory/in-memory-broker';
import { BrokerAmqpConnection } from './broker-amqp-connection';
import { rawBody } from './deserializers';

const BROADCASTS = { exchange: 'broadcasts', routingKey: '', queue: 'q' };

describe('BrokerAmqpConnection', () => {
  const logger = { log: vi.fn(), warn: vi.fn(), error: vi.fn() };
  let broker: InMemoryBroker;
  let connection: BrokerAmqpConnection;
  let received: unknown[];

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.clearAllMocks();
    broker = new InMemoryBroker();
    connection = new BrokerAmqpConnection(broker, { logger, queuePrefix: 'own.' });
    received = [];
    await broker.start();
  });

  afterEach(async () => {
    await connection.close();
    await broker.stop();
    vi.useRealTimers();
  });

  const receive = async (message: unknown) => void received.push(message);
  const declareExchange = () => broker.topology.declareExchange({ name: 'broadcasts', type: 'fanout' });
  const elapse = () => vi.advanceTimersByTimeAsync(2_000);

  it('A subscription that starts before its exchange exists receives messages once it does', async () => {
    await connection.createSubscriber(receive, BROADCASTS, 'h');
    await elapse();
    await declareExchange();
    await elapse();
    expect(await connection.publish('broadcasts', '', { price: 7 })).toBe(true);
    await elapse();
    expect(received).toEqual([{ price: 7 }]);
  });

  it('A subscription receives again after its queue was deleted', async () => {
    await declareExchange();
    await connection.createSubscriber(receive, BROADCASTS, 'h');
    await elapse();
    await broker.topology.deleteQueue('q');
    expect(await broker.topology.inspectQueue('q')).toBeUndefined();
    await elapse();
    await connection.publish('broadcasts', '', 'again');
    await elapse();
    expect(received).toEqual(['again']);
  });

  it.each<[string, (connection: BrokerAmqpConnection, tag: string) => Promise<void>]>([
    ['closed', (closed) => closed.close()],
    ['cancelled', (open, tag) => open.cancelConsumer(tag)],
  ])('A subscription that was %s is not resumed, even when its queue is redeclared', async (_how, end) => {
    await declareExchange();
    const { consumerTag } = await connection.createSubscriber(receive, BROADCASTS, 'h');
    await elapse();
    await end(connection, consumerTag);
    await broker.topology.deleteQueue('q');
    await broker.topology.declareQueue({ name: 'q', kind: 'classic' });
    await elapse();
    expect(await broker.topology.inspectQueue('q')).toEqual({ messages: 0, consumers: 0 });
  });

  it('A closed connection rejects further subscriptions', async () => {
    await connection.close();
    await expect(connection.createSubscriber(receive, BROADCASTS, 'h')).rejects.toThrow('closed');
  });

  it('Closing the connection waits for running handlers, and leaves the broker connected', async () => {
    await declareExchange();
    let finish = () => {};
    const handler = () => new Promise<void>((resolve) => (finish = resolve));
    await connection.createSubscriber(handler, BROADCASTS, 'h');
    await elapse();
    await connection.publish('broadcasts', '', 1);
    await elapse();
    let isClosed = false;
    const closing = connection.close().then(() => (isClosed = true));
    await elapse();
    expect(isClosed).toBe(false);
    finish();
    await closing;
    expect(connection.connected).toBe(true);
  });

  it('A message whose handler throws is logged, acknowledged and not redelivered', async () => {
    await declareExchange();
    const handler = vi
      .fn<(message: unknown) => Promise<Nack | undefined>>(receive)
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValueOnce(new Nack(true));
    await connection.createSubscriber(handler, BROADCASTS, 'Prices.receive');
    await elapse();
    for (const number of [1, 2, 3]) await connection.publish('broadcasts', '', number);
    await elapse();
    expect(handler.mock.calls.map(([message]) => message)).toEqual([1, 2, 3]);
    expect(received).toEqual([3]);
    expect(logger.error).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('Prices.receive failed'),
      expect.anything(),
    );
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Prices.receive returned Nack'));
    expect(await broker.topology.inspectQueue('q')).toMatchObject({ messages: 0 });
  });

  it('A message that is not JSON is logged and acknowledged, unless the handler allows other messages', async () => {
    await declareExchange();
    await connection.createSubscriber(receive, BROADCASTS, 'json');
    await connection.createSubscriber(receive, { ...BROADCASTS, queue: 'any', allowNonJsonMessages: true }, 'any');
    await elapse();
    await connection.publish('broadcasts', '', Buffer.from('plain'));
    await connection.publish('broadcasts', '', undefined);
    await elapse();
    expect(received).toEqual(expect.arrayContaining(['plain', undefined, undefined]));
    expect(received).toHaveLength(3);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it('A handler with rawBody receives the bytes, and the message with all its properties', async () => {
    await declareExchange();
    const handler = vi.fn(async () => {});
    await connection.createSubscriber(handler, { ...BROADCASTS, deserializer: rawBody }, 'h');
    await elapse();
    const bytes = Buffer.from([0, 1, 255]);
    await connection.publish('broadcasts', 'k', bytes, { headers: { a: 1 }, messageId: 'm', contentType: 'x/y' });
    await elapse();
    const raw = {
      content: bytes,
      fields: { exchange: 'broadcasts', routingKey: 'k', redelivered: false },
      properties: { headers: { a: 1 }, messageId: 'm', contentType: 'x/y' },
    };
    expect(handler).toHaveBeenCalledExactlyOnceWith(bytes, expect.objectContaining({ content: bytes }), { a: 1 });
    expect(handler.mock.calls[0]).toMatchObject([bytes, raw, { a: 1 }]);
  });

  it('A subscription without a queue gets its own queue, which expires and is deleted when the connection is closed', async () => {
    await declareExchange();
    const declare = vi.spyOn(broker.topology, 'declareQueue');
    await connection.createSubscriber(receive, { exchange: 'broadcasts' }, 'one');
    await connection.createSubscriber(receive, { exchange: 'broadcasts' }, 'two');
    await elapse();
    await connection.publish('broadcasts', '', 'to both');
    await elapse();
    expect(received).toEqual(['to both', 'to both']);
    const declared = declare.mock.calls.map(([queue]) => queue);
    expect(declared).toEqual([0, 1].map(() => expect.objectContaining({ expiresMs: 60_000 })));
    expect(new Set(declared.map(({ name }) => name)).size).toBe(2);
    await connection.close();
    for (const { name } of declared) {
      expect(name).toMatch(/^own\./);
      expect(await broker.topology.inspectQueue(name)).toBeUndefined();
    }
  });

  it('A subscription declares its queue with all of its bindings and options', async () => {
    const declare = vi.spyOn(broker.topology, 'declareQueue');
    const bindings = [{ exchange: 'b', routingKey: 'z' }];
    const queueOptions = { messageTtl: 10, expires: 20 };
    await connection.createSubscriber(
      receive,
      { queue: 'q', exchange: 'a', routingKey: ['x', 'y'], bindings, queueOptions },
      'h',
    );
    await elapse();
    expect(declare).toHaveBeenCalledWith({
      name: 'q',
      kind: 'classic',
      messageTtlMs: 10,
      expiresMs: 20,
      bindings: [{ exchange: 'a', routingKey: 'x' }, { exchange: 'a', routingKey: 'y' }, ...bindings],
    });
  });

  it.each([
    [
      'an error behaviour that would requeue',
      { errorBehavior: MessageHandlerErrorBehavior.REQUEUE },
      'errorBehavior REQUEUE',
    ],
    ['an error handler, which requires a channel', { errorHandler: () => {} }, 'errorHandler'],
    ['batches, whose timer restarts with each message', { batchOptions: { size: 10 } }, 'batchOptions'],
    ['an auto-delete queue', { queueOptions: { autoDelete: true } }, 'autoDelete'],
    ['queue arguments', { queueOptions: { arguments: {} } }, 'arguments'],
  ])('A subscription with %s is rejected', async (_what, options, name) => {
    const subscribing = connection.createSubscriber(receive, { ...BROADCASTS, ...options }, 'Prices.receive');
    await expect(subscribing).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining(name),
    });
    await expect(subscribing).rejects.toThrow('Prices.receive');
  });

  it('Batch subscribers and RPC handlers are rejected', async () => {
    await expect(connection.createBatchSubscriber()).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
    await expect(connection.createRpc()).rejects.toThrow('@RabbitRPC is not supported');
  });

  it('A publish is transient unless it is persistent or mandatory', async () => {
    await declareExchange();
    const [publishTransient, publish] = [vi.spyOn(broker, 'publishTransient'), vi.spyOn(broker, 'publish')];
    await connection.publish('broadcasts', '', 1);
    expect(publishTransient).toHaveBeenCalledTimes(1);
    publish.mockClear();
    await connection.publish('broadcasts', '', 1, { persistent: true });
    expect(publish).toHaveBeenLastCalledWith(expect.objectContaining({ mandatory: false }));
    await expect(connection.publish('broadcasts', '', 1, { mandatory: true })).rejects.toMatchObject({
      code: 'MESSAGE_UNROUTABLE',
    });
    expect(publishTransient).toHaveBeenCalledTimes(1);
    await expect(connection.publish('broadcasts', '', 1, { priority: 1 })).rejects.toThrow('priority');
  });

  it('A publish is rejected at once while the broker is unavailable', async () => {
    await declareExchange();
    await broker.stop();
    expect(connection.connected).toBe(false);
    await expect(connection.publish('broadcasts', '', 1)).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
  });

  it('A request is answered, or rejected after its timeout', async () => {
    await declareExchange();
    await broker.topology.declareQueue({ name: 'requests', kind: 'classic' });
    const answer = ({ body, replyTo = '', correlationId }: Delivery) =>
      broker.publish({ exchange: '', routingKey: replyTo, correlationId, body: Buffer.from(`[${body}]`) });
    const consumption = broker.consume(
      'requests',
      async (deliveries) => void (await Promise.all(deliveries.map(answer))),
    );
    const request = { exchange: '', routingKey: 'requests', payload: { a: 1 }, timeout: 100 };
    const answered = connection.request(request);
    await elapse();
    expect(await answered).toEqual([{ a: 1 }]);
    await consumption.stop();
    const late = expect(connection.request(request)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
    await elapse();
    await late;
  });
});
