import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Broker, TransportModule } from '@dbem/transport';
import { GolevelupModule } from '@dbem/transport/golevelup';
import { AmqpConnection, RabbitSubscribe } from '@golevelup/nestjs-rabbitmq';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { PrivateProcess } from '../../tools/servers/private-process';
import { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';
import { logFolder } from '../support/apps/log-folder';
import { TcpProxy } from '../support/network/tcp-proxy';
import { waitFor } from '../support/waiting/wait-for';

const root = fileURLToPath(new URL('../..', import.meta.url));

const EXCHANGE = 'prices';
const QUEUE = 'prices.received';

const failing = vi.fn();

class Prices {
  readonly received: unknown[] = [];

  @RabbitSubscribe({ exchange: EXCHANGE, routingKey: '#', queue: QUEUE })
  receive(price: unknown): void {
    this.received.push(price);
  }

  @RabbitSubscribe({ exchange: EXCHANGE, routingKey: 'bad', queue: 'prices.failing' })
  fail(price: unknown): void {
    failing(price);
    throw new Error('never');
  }
}

/** These faults affect a whole server, so the tests start their own. */
describe('golevelup’s decorators on our connection', () => {
  let folder: string;
  let server: PrivateRabbitMq;
  let proxy: TcpProxy;
  const apps: TestingModule[] = [];

  beforeAll(async () => {
    mkdirSync(logFolder, { recursive: true });
    folder = mkdtempSync(join(logFolder, 'golevelup-'));
    server = await PrivateRabbitMq.start(folder);
    proxy = await TcpProxy.start({ host: '127.0.0.1', port: server.port });
  }, 240_000);

  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });

  afterAll(async () => {
    await proxy?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<TestingModule> {
    const transport = TransportModule.forRoot({ url: `amqp://guest:guest@127.0.0.1:${proxy.port}` });
    const imports = [transport, GolevelupModule.forRoot({ logger: { log() {}, warn() {}, error() {} } })];
    const app = await Test.createTestingModule({ imports, providers: [Prices] }).compile();
    await app.init();
    apps.push(app);
    return app;
  }

  const brokerOf = (app: TestingModule) => app.get(Broker, { strict: false });
  const publish = (app: TestingModule, price: unknown, routingKey = 'good') =>
    app.get(AmqpConnection, { strict: false }).publish(EXCHANGE, routingKey, price);
  /** Publishes until the handler has received it: broadcasts may be lost. */
  const isReceived = (app: TestingModule, price: unknown) =>
    waitFor(
      async () => {
        await publish(app, price).catch(() => {});
        return app.get(Prices).received.includes(price);
      },
      { what: `${price} to be received` },
    );

  it('A golevelup handler that starts before the broker and the exchange receives once both exist, and again after each was lost', async () => {
    proxy.cut();
    const app = await start();
    const broker = brokerOf(app);
    await waitFor(() => proxy.refusedConnections > 0);
    expect(broker.health().isConnected).toBe(false);
    await expect(publish(app, 'nowhere')).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });

    proxy.restore();
    await waitFor(() => broker.health().isConnected);
    await waitFor(async () => (await broker.topology.inspectQueue(QUEUE))?.consumers === 1);
    await broker.topology.declareExchange({ name: EXCHANGE, type: 'topic' });
    await isReceived(app, 'after the exchange came');

    // Polling the broker would race with the queue's redeclaration; the declaration itself proves that it was gone.
    const declare = vi.spyOn(broker.topology, 'declareQueue');
    await broker.topology.deleteQueue(QUEUE);
    await waitFor(() => declare.mock.calls.some(([{ name }]) => name === QUEUE));
    declare.mockRestore();
    await isReceived(app, 'after the queue was deleted');

    const { reconnects } = broker.health();
    await server.restartGently();
    await waitFor(() => broker.health().reconnects > reconnects);
    await isReceived(app, 'after the broker was restarted');
  });

  it('A message whose golevelup handler fails is delivered once, and no connection is opened beside ours', async () => {
    const app = await start();
    await waitFor(
      async () =>
        (
          await brokerOf(app)
            .topology.inspectQueue('prices.failing')
            .catch(() => undefined)
        )?.consumers === 1,
    );
    await isReceived(app, 'before');
    failing.mockClear();
    await publish(app, 'poison', 'bad');
    await waitFor(() => failing.mock.calls.length > 0);
    await isReceived(app, 'after the poison');
    expect(await brokerOf(app).topology.inspectQueue('prices.failing')).toEqual({ messages: 0, consumers: 1 });
    expect(failing).toHaveBeenCalledExactlyOnceWith('poison');
    // Ours: for publishing, consuming and replies.
    expect((await server.control('list_connections', '--no-table-headers', 'pid')).trim().split('\n')).toHaveLength(3);
  });

  it('An application stops consuming when it is closed, while another in the same process continues', async () => {
    const [one, other] = [await start(), await start()];
    const consumers = async () =>
      (
        await brokerOf(other)
          .topology.inspectQueue(QUEUE)
          .catch(() => undefined)
      )?.consumers;
    await waitFor(async () => (await consumers()) === 2);
    await one.close();
    expect(await consumers()).toBe(1);
    await isReceived(other, 'by the other');
    expect(one.get(Prices).received).not.toContain('by the other');
  });

  it('The program in docs/how-to/use-golevelup-decorators.md compiles, and receives its own broadcasts', async () => {
    const text = readFileSync(`${root}docs/how-to/use-golevelup-decorators.md`, 'utf8');
    const program = `${root}.local/how-to-golevelup`;
    mkdirSync(program, { recursive: true });
    writeFileSync(`${program}/billing.ts`, /```ts\n([\s\S]+?)```/.exec(text)?.[1] ?? '');
    const compilerOptions = { rootDir: '.', outDir: 'dist', composite: false, incremental: false };
    const config = { extends: '../../tsconfig.base.json', compilerOptions, files: ['billing.ts'] };
    writeFileSync(`${program}/tsconfig.json`, JSON.stringify(config));
    await promisify(execFile)(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', program]);
    const logFile = join(folder, 'billing.log');
    const billing = new PrivateProcess({
      name: 'billing',
      command: process.execPath,
      args: [`${program}/dist/billing.js`],
      cwd: root,
      env: { PATH: process.env.PATH, AMQP_URL: server.amqpUrl },
      logFile,
    });
    const queues = () => server.control('list_queues', '--no-table-headers', 'name');
    try {
      billing.start();
      await waitFor(() => readFileSync(logFile, 'utf8').includes('1 EUR is 1.08 USD'));
      expect(await queues()).toContain('billing.broadcast.');
    } finally {
      await billing.stop();
    }
    expect(await queues()).not.toContain('billing.broadcast.');
  });
});
