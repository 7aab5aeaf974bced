import { connect, createServer } from 'node:net';

/**
 * Below the ports that systems hand out to outgoing connections, so that a server which is away for a while finds its port
 * free when it comes back, and nobody who tries to reach it meanwhile is connected to himself.
 */
const LOWEST_PORT = 15_000;
const HIGHEST_PORT = 32_000;

/** A process goes upwards from a place of its own, for who was given a port a moment ago may not listen on it yet. */
let nextPort = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));

/** Ports of 127.0.0.1 that nobody listens on now, and that this process has not been given before. */
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

/** Resolves when somebody accepts connections on the port; rejects if nobody does. */
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

/** Sends `question` to the port and resolves with all that comes back until the peer closes. */
export function ask(port: number, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(question));
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (data) => {
      answer += data;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
  });
}
