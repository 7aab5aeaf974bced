import type { Socket } from 'node:net';

/**
 * Sends everything that is written to the socket in one tick of the event loop with one system call. For client
 * libraries that write frame by frame: system calls would be the largest part of a message's cost.
 */
export function coalesceWrites(socket: Socket): void {
  const writeOne = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let isCorked = false;
  socket.write = (...args: unknown[]) => {
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      process.nextTick(() => {
        isCorked = false;
        socket.uncork();
      });
    }
    return writeOne(...args);
  };
}
