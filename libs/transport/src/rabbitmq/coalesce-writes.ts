import { Socket } from 'node:net';
import { coalesceWrites as coalesceWritesTo } from '@dbem/runtime';
import type { ChannelModel } from 'amqplib';

/**
 * Lets all frames of a connection that are written in one turn of the event loop leave in one system call.
 *
 * It reaches for the library's socket, which is not part of its types: where there is none, frames leave one by one.
 */
export function coalesceWrites(connection: ChannelModel): void {
  const { stream } = connection.connection as unknown as { stream?: unknown };
  if (stream instanceof Socket) coalesceWritesTo(stream);
}
