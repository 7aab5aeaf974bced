import { connect } from 'node:net';

const TIMEOUT_MS = 30_000;

/** Asserts that the port is not served: a new connection is refused or closed at once. Rejects if it stays open. */
export async function expectRefused(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(TIMEOUT_MS, () => reject(new Error(`A connection to port ${port} stays open`)));
      socket.once('data', () => reject(new Error(`Port ${port} is served`)));
      socket.once('error', () => resolve());
      socket.once('close', () => resolve());
    });
  } finally {
    socket.destroy();
  }
}
