import { MessageHandlerErrorBehavior, Nack } from '@golevelup/nestjs-rabbitmq';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../broker.port';
import { InMemoryBroker } from '../in-memory/in-memory-broker';
import { BrokerAmqpConnection } from './broker-amqp-connection';
import { rawBody } from './deserializers';

const ANNOUNCEMENTS = { exchange: 'announcements', routingKey: '', queue: 'q' };

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
  const declareExchange = () => broker.topology.declareExchange({ name: 'announcements', type: 'fanout' });
  const settle = () => vi.advanceTimersByTimeAsync(2_000);

  it('A subscription that began before its exchange existed receives what is published once it does', async () => {
    await connection.createSubscriber(receive, ANNOUNCEMENTS, 'h');
    await settle();
    await declareExchange();
    await settle();
    expect(await connection.publish('announcements', '', { price: 7 })).toBe(true);
    await settle();
    expect(received).toEqual([{ price: 7 }]);
  });

  it('A subscription receives again after its queue was deleted', async () => {
    await declareExchange();
    await connection.createSubscriber(receive, ANNOUNCEMENTS, 'h');
    await settle();
    await broker.topology.deleteQueue('q');
    expect(await broker.topology.inspectQueue('q')).toBeUndefined();
    await settle();
    await connection.publish('announcements', '', 'again');
    await settle();
    expect(received).toEqual(['again']);
  });

  it.each<[string, (connection: BrokerAmqpConnection, tag: string) => Promise<void>]>([
    ['closed', (closed) => closed.close()],
    ['cancelled', (open, tag) => open.cancelConsumer(tag)],
  ])('A subscription that was %s is not taken up again, even when its queue is declared anew', async (_how, end) => {
    await declareExchange();
    const { consumerTag } = await connection.createSubscriber(receive, ANNOUNCEMENTS, 'h');
    await settle();
    await end(connection, consumerTag);
    await broker.topology.deleteQueue('q');
    await broker.topology.declareQueue({ name: 'q', kind: 'classic' });
    await settle();
    expect(await broker.topology.inspectQueue('q')).toEqual({ messages: 0, consumers: 0 });
  });

  it('A closed connection takes no further subscriptions', async () => {
    await connection.close();
    await expect(connection.createSubscriber(receive, ANNOUNCEMENTS, 'h')).rejects.toThrow('closed');
  });

  it('Closing waits for the handlers under way, and leaves the broker connected', async () => {
    await declareExchange();
    let finish = () => {};
    const handler = () => new Promise<void>((resolve) => (finish = resolve));
    await connection.createSubscriber(handler, ANNOUNCEMENTS, 'h');
    await settle();
    await connection.publish('announcements', '', 1);
    await settle();
    let isClosed = false;
    const closing = connection.close().then(() => (isClosed = true));
    await settle();
    expect(isClosed).toBe(false);
    finish();
    await closing;
    expect(connection.connected).toBe(true);
  });

  it('A message whose handler throws is logged and acknowledged, and does not come again', async () => {
    await declareExchange();
    const handler = vi
      .fn<(message: unknown) => Promise<Nack | undefined>>(receive)
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValueOnce(new Nack(true));
    await connection.createSubscriber(handler, ANNOUNCEMENTS, 'Prices.receive');
    await settle();
    for (const number of [1, 2, 3]) await connection.publish('announcements', '', number);
    await settle();
    expect(handler.mock.calls.map(([message]) => message)).toEqual([1, 2, 3]);
    expect(received).toEqual([3]);
    expect(logger.error).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('Prices.receive failed'),
      expect.anything(),
    );
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Prices.receive returned Nack'));
    expect(await broker.topology.inspectQueue('q')).toMatchObject({ messages: 0 });
  });

  it('A message that is not JSON is logged and acknowledged, unless the handler takes other messages', async () => {
    await declareExchange();
    await connection.createSubscriber(receive, ANNOUNCEMENTS, 'json');
    await connection.createSubscriber(receive, { ...ANNOUNCEMENTS, queue: 'any', allowNonJsonMessages: true }, 'any');
    await settle();
    await connection.publish('announcements', '', Buffer.from('plain'));
    await connection.publish('announcements', '', undefined);
    await settle();
    expect(received).toEqual(expect.arrayContaining(['plain', undefined, undefined]));
    expect(received).toHaveLength(3);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it('A handler with rawBody gets the bytes, and the message with all that the broker told of it', async () => {
    await declareExchange();
    const handler = vi.fn(async () => {});
    await connection.createSubscriber(handler, { ...ANNOUNCEMENTS, deserializer: rawBody }, 'h');
    await settle();
    const bytes = Buffer.from([0, 1, 255]);
    await connection.publish('announcements', 'k', bytes, { headers: { a: 1 }, messageId: 'm', contentType: 'x/y' });
    await settle();
    const raw = {
      content: bytes,
      fields: { exchange: 'announcements', routingKey: 'k', redelivered: false },
      properties: { headers: { a: 1 }, messageId: 'm', contentType: 'x/y' },
    };
    expect(handler).toHaveBeenCalledExactlyOnceWith(bytes, expect.objectContaining({ content: bytes }), { a: 1 });
    expect(handler.mock.calls[0]).toMatchObject([bytes, raw, { a: 1 }]);
  });

  it('A subscription without a queue has one of its own, which expires with its process and goes when it is closed', async () => {
    await declareExchange();
    const declare = vi.spyOn(broker.topology, 'declareQueue');
    await connection.createSubscriber(receive, { exchange: 'announcements' }, 'one');
    await connection.createSubscriber(receive, { exchange: 'announcements' }, 'two');
    await settle();
    await connection.publish('announcements', '', 'to both');
    await settle();
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

  it('A subscription is bound to all of its exchanges and keys, with the options of its queue', async () => {
    const declare = vi.spyOn(broker.topology, 'declareQueue');
    const bindings = [{ exchange: 'b', routingKey: 'z' }];
    const queueOptions = { messageTtl: 10, expires: 20 };
    await connection.createSubscriber(
      receive,
      { queue: 'q', exchange: 'a', routingKey: ['x', 'y'], bindings, queueOptions },
      'h',
    );
    await settle();
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
    ['an error handler, which wants a channel', { errorHandler: () => {} }, 'errorHandler'],
    ['batches, whose timer starts again with each message', { batchOptions: { size: 10 } }, 'batchOptions'],
    ['a queue that goes with its consumer', { queueOptions: { autoDelete: true } }, 'autoDelete'],
    ['arguments of the queue', { queueOptions: { arguments: {} } }, 'arguments'],
  ])('A subscription with %s is refused', async (_what, options, name) => {
    const subscribing = connection.createSubscriber(receive, { ...ANNOUNCEMENTS, ...options }, 'Prices.receive');
    await expect(subscribing).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining(name),
    });
    await expect(subscribing).rejects.toThrow('Prices.receive');
  });

  it('Batches and answers are refused', async () => {
    await expect(connection.createBatchSubscriber()).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
    await expect(connection.createRpc()).rejects.toThrow('@RabbitRPC is not supported');
  });

  it('A publish is transient, unless it is to be persistent or must reach a queue', async () => {
    await declareExchange();
    const [publishTransient, publish] = [vi.spyOn(broker, 'publishTransient'), vi.spyOn(broker, 'publish')];
    await connection.publish('announcements', '', 1);
    expect(publishTransient).toHaveBeenCalledTimes(1);
    publish.mockClear();
    await connection.publish('announcements', '', 1, { persistent: true });
    expect(publish).toHaveBeenLastCalledWith(expect.objectContaining({ mandatory: false }));
    await expect(connection.publish('announcements', '', 1, { mandatory: true })).rejects.toMatchObject({
      code: 'MESSAGE_UNROUTABLE',
    });
    expect(publishTransient).toHaveBeenCalledTimes(1);
    await expect(connection.publish('announcements', '', 1, { priority: 1 })).rejects.toThrow('priority');
  });

  it('A publish is rejected while the broker is away, instead of waiting without end', async () => {
    await declareExchange();
    await broker.stop();
    expect(connection.connected).toBe(false);
    await expect(connection.publish('announcements', '', 1)).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
  });

  it('A request is answered, or rejected after its time', async () => {
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
    await settle();
    expect(await answered).toEqual([{ a: 1 }]);
    await consumption.stop();
    const late = expect(connection.request(request)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
    await settle();
    await late;
  });
});
