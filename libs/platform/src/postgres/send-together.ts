import { Socket } from 'node:net';
import type { ClientBase } from 'pg';

/**
 * Lets all statements that `send` hands to a connection that pipelines leave in one system call. The client library makes one
 * of each, and they are half of what a short transaction costs a service.
 *
 * It reaches for the library's socket, which is not part of its types: where there is none, statements leave one by one.
 */
export function sendTogether<Result>(client: ClientBase, send: () => Result): Result {
  const { connection } = client as unknown as { connection?: { stream?: unknown } };
  const stream = connection?.stream;
  if (!(stream instanceof Socket)) return send();
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}
