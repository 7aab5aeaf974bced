import { Socket } from 'node:net';
import type { ClientBase } from 'pg';
import { expect, it, vi } from 'vitest';
import { sendTogether } from './send-together';

function clientOver(stream: unknown): ClientBase {
  return { connection: { stream } } as unknown as ClientBase;
}

it('corks the socket while statements are sent, and answers as the sender does', () => {
  const socket = new Socket();
  const uncork = vi.spyOn(socket, 'uncork');
  const corkedBy = sendTogether(clientOver(socket), () => socket.writableCorked);
  expect(corkedBy).toBe(1);
  expect(uncork).toHaveBeenCalledTimes(1);
  expect(socket.writableCorked).toBe(0);
});

it('uncorks the socket when a statement can’t be sent', () => {
  const socket = new Socket();
  const send = () =>
    sendTogether(clientOver(socket), () => {
      throw new Error('no');
    });
  expect(send).toThrow('no');
  expect(socket.writableCorked).toBe(0);
});

it('sends one by one where it finds no socket', () => {
  for (const stream of [undefined, {}]) expect(sendTogether(clientOver(stream), () => 'sent')).toBe('sent');
});
