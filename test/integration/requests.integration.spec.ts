import { DbEventError } from '@dbem/db-event';
import {
  type Broker,
  InMemoryBroker,
  RabbitMqBroker,
  REPLY_EXCHANGE,
  RequestClient,
  RequestMethod,
  RequestServer,
  requestQueueOf,
} from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshVhost } from '../support/servers/fresh-vhost';
import { waitFor } from '../support/waiting/wait-for';

const BROKERS: [string, () => Promise<{ broker: Broker; drop(): Promise<void> }>][] = [
  ['InMemoryBroker', async () => ({ broker: new InMemoryBroker(), drop: async () => {} })],
  [
    'RabbitMqBroker',
    async () => {
      const vhost = await freshVhost();
      return { broker: new RabbitMqBroker({ url: vhost.amqpUrl }), drop: () => vhost.drop() };
    },
  ],
];

// biome-ignore lint/suspicious/noExplicitAny: each method of a test knows its own params.
type Handler = (params: any) => Promise<unknown>;

/** A method without parameter and result validation. */
const undeclared = (name: string) => new RequestMethod('replica', name, Object, (answer) => answer);

describe.each(BROKERS)('requests to a service over %s', (_name, makeBroker) => {
  let broker: Broker;
  let drop: () => Promise<void>;
  let client: RequestClient;
  /** Each test uses its own service. */
  let service: string;
  let tests = 0;
  const servers: RequestServer[] = [];

  beforeAll(async () => {
    ({ broker, drop } = await makeBroker());
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await broker.topology.declareExchange({ name: REPLY_EXCHANGE, type: 'topic' });
    client = new RequestClient(broker);
    await client.start();
    await waitFor(() => client.isRegistered);
  });

  beforeEach(() => {
    tests += 1;
    service = `sharing.${tests}`;
  });

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  afterAll(async () => {
    await client.stop();
    await broker.stop();
    await drop();
  });

  async function serve(methods: Record<string, Handler>): Promise<RequestServer> {
    const server = new RequestServer(broker, { service, role: 'replica' });
    for (const [name, method] of Object.entries(methods)) server.addHandler(name, method);
    servers.push(server);
    await server.start();
    await waitFor(() => server.isRegistered);
    return server;
  }

  const call = (method: string, params: object = {}, timeoutMs = 60_000) =>
    client.ask(service, undeclared(method), params, { timeoutMs });
  const failureOf = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: DbEventError) => ({ code: error.code, message: error.message, retryable: error.retryable }),
    );

  it('Requests are distributed over two instances', async () => {
    const answeredBy = new Set<string>();
    await serve({ add: async ({ a, b }: { a: number; b: number }) => answeredBy.add('first') && a + b });
    await serve({ add: async ({ a, b }: { a: number; b: number }) => answeredBy.add('second') && a + b });
    const sums = await Promise.all(Array.from({ length: 40 }, (_, index) => call('add', { a: index, b: 1 })));
    expect(sums).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(answeredBy).toEqual(new Set(['first', 'second']));
  });

  it('A request is rejected at once while no instance runs, whether or not one ran before', async () => {
    expect(await failureOf(call('add'))).toMatchObject({ code: 'SERVICE_UNREACHABLE', retryable: true });
    await (await serve({ add: async () => 1 })).stop();
    expect(await failureOf(call('add'))).toMatchObject({ code: 'SERVICE_UNREACHABLE', retryable: true });
  });

  it('A request is rejected with the error that its handler threw', async () => {
    await serve({
      typed: async () => {
        throw new DbEventError('ENTITY_INVALID', 'no such entity', { retryable: true });
      },
      untyped: async () => {
        throw new Error('oh');
      },
    });
    expect(await failureOf(call('typed'))).toEqual({
      code: 'ENTITY_INVALID',
      message: 'no such entity',
      retryable: true,
    });
    expect(await failureOf(call('untyped'))).toMatchObject({ code: 'RPC_FAILED', message: 'Error: oh' });
    expect(await failureOf(call('unknown'))).toMatchObject({ code: 'RPC_METHOD_UNKNOWN' });
  });

  it('A request times out when no reply arrives', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await serve({ hang: () => released });
    expect(await failureOf(call('hang', {}, 200))).toMatchObject({ code: 'REQUEST_TIMEOUT', retryable: true });
    release();
  });

  it('Requests are served again after their queue was deleted', async () => {
    const server = await serve({ ping: async () => 'pong' });
    await broker.topology.deleteQueue(requestQueueOf(service, 'replica'));
    await waitFor(() => !server.isRegistered);
    expect(await waitFor(() => call('ping', {}, 1_000).catch(() => false))).toBe('pong');
  });
});

describe('a request client that starts before the reply exchange exists', () => {
  it('A request client that starts before the reply exchange is declared receives replies once it is declared', async () => {
    const vhost = await freshVhost();
    const broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    const client = new RequestClient(broker);
    const server = new RequestServer(broker, { service: 'sharing', role: 'replica' });
    server.addHandler('ping', async () => 'pong');
    try {
      await broker.start();
      await client.start();
      // Its queue exists and has a consumer, but is not bound, because the exchange does not exist.
      await waitFor(() => client.isRegistered);
      await broker.topology.declareExchange({ name: REPLY_EXCHANGE, type: 'topic' });
      await server.start();
      const ping = () => client.ask('sharing', undeclared('ping'), {}, { timeoutMs: 500 });
      expect(await waitFor(() => ping().catch(() => false))).toBe('pong');
    } finally {
      await server.stop();
      await client.stop();
      await broker.stop();
      await vhost.drop();
    }
  });
});
