import { RabbitMqBroker } from '@dbem/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshVhost, freshVhost, TcpProxy, waitFor } from '../support';

/** Class 10 is the connection's: this is its `open-ok`. */
const OPEN_OK = Buffer.from([0, 10, 0, 41]);

describe('RabbitMqBroker whose connection ends', () => {
  let vhost: FreshVhost;
  let proxy: TcpProxy;
  let broker: RabbitMqBroker;

  beforeEach(async () => {
    vhost = await freshVhost();
    const url = new URL(vhost.amqpUrl);
    proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    broker = new RabbitMqBroker({ url: url.toString(), heartbeatS: 5 });
  });

  afterEach(async () => {
    await broker.stop();
    await proxy.stop();
    await vhost.drop();
  });

  const isConnected = () => waitFor(() => broker.health().isConnected, { timeoutMs: 30_000 });
  const send = (text: string) => broker.publish({ exchange: '', routingKey: 'q', body: Buffer.from(text) });

  it('connects again when the broker closes the connection in the same breath in which it has opened it', async () => {
    let ended = 0;
    proxy.alterAnswers((answer) => {
      if (ended === 3 || !answer.includes(OPEN_OK)) return answer;
      ended += 1;
      return Buffer.concat([answer, closeFrame(320, 'CONNECTION_FORCED')]);
    });
    await broker.start();
    await waitFor(() => ended === 3, {
      timeoutMs: 30_000,
      what: 'three connections to be closed as soon as they were open',
    });
    await isConnected();
    await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
    await send('after');
  });

  it.each([
    ['is closed with 541 INTERNAL_ERROR', () => proxy.alterAnswers(() => closeFrame(541, 'INTERNAL_ERROR'))],
    ['is cut', () => proxy.cut()],
  ])('rejects at once what is unconfirmed when it %s, and goes on', async (_how, end) => {
    await broker.start();
    await isConnected();
    await broker.topology.declareQueue({ name: 'q', kind: 'quorum' });
    const consumed: string[] = [];
    broker.consume('q', async (batch) => {
      consumed.push(...batch.map(({ body }) => body.toString()));
    });
    // Their confirms come no more: instead of the first of them comes the end.
    end();
    const begun = Date.now();
    const outcomes = await Promise.allSettled(Array.from({ length: 500 }, (_, index) => send(`m${index}`)));
    // Not by the time limit of a confirm, which is 30 s.
    expect(Date.now() - begun).toBeLessThan(20_000);
    const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'confirmed'));
    expect(new Set(codes)).toEqual(new Set(['BROKER_UNAVAILABLE']));
    proxy.restore();
    await isConnected();
    for (let index = 0; index < 500; index += 1) await send(`m${index}`);
    await waitFor(() => new Set(consumed).size === 500);
  });
});

function closeFrame(code: number, text: string): Buffer {
  const payload = Buffer.concat([
    Buffer.from([0, 10, 0, 50, code >> 8, code & 255, text.length]),
    Buffer.from(text),
    Buffer.from([0, 0, 0, 0]),
  ]);
  const header = Buffer.from([1, 0, 0, 0, 0, 0, payload.length]);
  return Buffer.concat([header, payload, Buffer.from([206])]);
}
