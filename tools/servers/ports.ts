import { connect, createServer, type Server } from 'node:net';

/**
 * Below the ephemeral ports of outgoing connections, so that a server's port is still free when it restarts, and a
 * client that retries meanwhile does not connect to itself.
 */
const LOWEST_PORT = 15_000;
const HIGHEST_PORT = 32_000;

/**
 * Each process has a range of its own, so that no two processes hand out the same port: a port that was handed out is
 * free until its server listens, and again while that restarts.
 */
const RANGE = 500;
const RANGES = (HIGHEST_PORT - LOWEST_PORT) / RANGE;

let range: Promise<number> | undefined;
let handedOut = 0;

/** Ports of 127.0.0.1 that are free now, and that were not returned, to this process or another, for a long time. */
export async function freePorts(count: number): Promise<number[]> {
  range ??= reserveRange();
  const first = await range;
  const ports: number[] = [];
  while (ports.length < count) {
    const port = first + 1 + (handedOut % (RANGE - 1));
    handedOut += 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

/** Listens on a range's first port until this process ends: the operating system keeps all others out of the range. */
async function reserveRange(): Promise<number> {
  const start = Math.floor(Math.random() * RANGES);
  for (let index = 0; index < RANGES; index += 1) {
    const first = LOWEST_PORT + ((start + index) % RANGES) * RANGE;
    const server = await listen(first);
    if (server === undefined) continue;
    server.unref();
    return first;
  }
  throw new Error(`All ranges of ports between ${LOWEST_PORT} and ${HIGHEST_PORT} are in use`);
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port);
  if (server === undefined) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

/** Undefined: the port is in use. */
function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
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
