import type { Socket } from 'node:net';

/**
 * Lets all that is written to the socket in one turn of the event loop leave in one system call: for client libraries that write each
 * frame by itself, which makes system calls the largest part of what a message costs.
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
