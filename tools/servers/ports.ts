import { connect, createServer } from 'node:net';

/**
 * Below the ephemeral ports of outgoing connections, so that a server's port is still free when it restarts, and a
 * client that retries meanwhile does not connect to itself.
 */
const LOWEST_PORT = 15_000;
const HIGHEST_PORT = 32_000;

/** Each process counts up from a random port, because a port that was just handed out may not be in use yet. */
let nextPort = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));

/** Ports of 127.0.0.1 that are free now and that this function has not returned before. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = nextPort;
    nextPort = port + 1 < HIGHEST_PORT ? port + 1 : LOWEST_PORT;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Resolves if a server accepts connections on the port, otherwise rejects. */
export function probePort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

/** Sends `text` to the port and resolves with everything received until the peer closes. */
export function ask(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let response = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setTimeout(2_000, () => socket.destroy(new Error('no response')));
    socket.on('data', (data) => {
      response += data;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(response));
  });
}
