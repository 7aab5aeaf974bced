import { Socket } from 'node:net';
import type { ChannelModel } from 'amqplib';

/**
 * Lets all frames that are written in one turn of the event loop leave in one system call. The client library writes each frame
 * by itself, which made system calls the largest part of what a publish costs.
 *
 * It reaches for the library's socket, which is not part of its types: where there is none, frames leave one by one.
 */
export function writeTogether(connection: ChannelModel): void {
  const { stream } = connection.connection as unknown as { stream?: unknown };
  if (!(stream instanceof Socket)) return;
  const writeOne = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let isCorked = false;
  stream.write = (...args: unknown[]) => {
    if (!isCorked) {
      isCorked = true;
      stream.cork();
      process.nextTick(() => {
        isCorked = false;
        stream.uncork();
      });
    }
    return writeOne(...args);
  };
}
