import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ChannelModel } from 'amqplib';
import { expect, it, vi } from 'vitest';
import { coalesceWrites } from './coalesce-writes';

function modelOver(stream: unknown): ChannelModel {
  return { connection: { stream } } as unknown as ChannelModel;
}

it('coalesceWrites corks the socket once per tick and keeps the order', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [peer] = (await once(server, 'connection')) as [Socket];
  coalesceWrites(modelOver(client));
  const [cork, uncork] = [vi.spyOn(client, 'cork'), vi.spyOn(client, 'uncork')];
  const received: Buffer[] = [];
  peer.on('data', (chunk) => received.push(chunk));
  for (let tick = 0; tick < 2; tick += 1) {
    for (let frame = 0; frame < 100; frame += 1) client.write(`${tick}-${frame};`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.end();
  await once(peer, 'end');
  const expected = [0, 1].flatMap((tick) => Array.from({ length: 100 }, (_, frame) => `${tick}-${frame};`));
  expect(Buffer.concat(received).toString()).toBe(expected.join(''));
  expect(cork).toHaveBeenCalledTimes(2);
  expect(uncork).toHaveBeenCalledTimes(2);
  peer.end();
  server.close();
});

it('coalesceWrites ignores a connection without a socket', () => {
  for (const stream of [undefined, {}]) expect(() => coalesceWrites(modelOver(stream))).not.toThrow();
});
