import { Socket } from 'node:net';
import { coalesceWrites as coalesceWritesTo } from '@dbem/runtime';
import type { ChannelModel } from 'amqplib';

/**
 * Sends all frames that a connection writes in one event loop tick with one system call.
 *
 * It uses amqplib's socket, which is not part of its types. Without a socket, nothing is coalesced.
 */
export function coalesceWrites(connection: ChannelModel): void {
  const { stream } = connection.connection as unknown as { stream?: unknown };
  if (stream instanceof Socket) coalesceWritesTo(stream);
}
