import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { probePort } from './ports';

const LOCAL_FOLDER = fileURLToPath(new URL('../../.local', import.meta.url));
const FILE = `${LOCAL_FOLDER}/dev-servers.json`;

/** Addresses of the servers that keep running between test runs. */
export interface DevServers {
  readonly amqpUrl: string;
  readonly managementUrl: string;
  readonly zooKeeperConnect: string;
  /** The server's administrative database. */
  readonly postgresUrl: string;
}

/** Makes the servers available to test runs of this checkout, until `withdraw` is called. */
export function offerDevServers(servers: DevServers): { withdraw(): void } {
  mkdirSync(LOCAL_FOLDER, { recursive: true });
  writeFileSync(FILE, JSON.stringify(servers));
  return { withdraw: () => rmSync(FILE, { force: true }) };
}

/**
 * The servers of this checkout's `npm run dev:servers`; undefined if none runs or not all of them accept connections.
 */
export async function findDevServers(): Promise<(DevServers & { stop(): Promise<void> }) | undefined> {
  const servers = readOffer();
  if (servers === undefined) return undefined;
  const { amqpUrl, managementUrl, zooKeeperConnect, postgresUrl } = servers;
  const ports = [amqpUrl, managementUrl, `tcp://${zooKeeperConnect}`, postgresUrl].map((url) =>
    Number(new URL(url).port),
  );
  try {
    await Promise.all(ports.map(probePort));
  } catch {
    // Left by a `dev:servers` process that was killed.
    return undefined;
  }
  return { ...servers, stop: async () => {} };
}

function readOffer(): DevServers | undefined {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
