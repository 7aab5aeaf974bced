import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeUp, isDockerThere } from './docker-compose';
import { DISPOSABLE, PrivatePostgres } from './private-postgres';
import { canRunRabbitMq, PrivateRabbitMq } from './private-rabbitmq';
import { canRunZooKeeper, PrivateZooKeeper } from './private-zookeeper';
import { ensureInstalled } from './system-packages';

const LOCAL_FOLDER = fileURLToPath(new URL('../../.local', import.meta.url));

/** The ports that docker/compose.yaml publishes. */
const COMPOSE = {
  amqpUrl: 'amqp://guest:guest@127.0.0.1:5672',
  managementUrl: 'http://guest:guest@127.0.0.1:15672',
  zooKeeperConnect: '127.0.0.1:2181',
};

type Stop = () => Promise<void> | void;

/** What a set of servers is reached by. */
export interface Servers {
  readonly amqpUrl: string;
  /** RabbitMQ's management API; undefined if `AMQP_URL` was given without `AMQP_MANAGEMENT_URL`. */
  readonly managementUrl: string | undefined;
  readonly zooKeeperConnect: string;
  /** Undefined if databases were given (`<SERVICE>_DATABASE_URL`). */
  readonly postgres: PrivatePostgres | undefined;
  /** Where logs and data of these servers are. */
  readonly folder: string;
  /** Stops what was started, and removes its data; its logs too, unless they shall stay. */
  stop(options?: { readonly keepLogs?: boolean }): Promise<void>;
}

export interface StartServersOptions {
  /** Names the folder of their data. */
  readonly purpose: string;
  /** Takes lines for people. */
  readonly say: (line: string) => void;
  /** Nobody misses the databases after a power failure, so PostgreSQL need not wait for the disk. Default: false. */
  readonly isDisposable?: boolean;
}

/**
 * RabbitMQ, ZooKeeper and PostgreSQL: those that the environment names; else from docker compose, if a Docker engine answers;
 * else started from the machine's programs; which are installed, if we may. PostgreSQL always comes from the npm registry.
 */
export async function startServers({ purpose, say, isDisposable = false }: StartServersOptions): Promise<Servers> {
  const folder = join(LOCAL_FOLDER, `${purpose}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const stops: Stop[] = [];
  const stop = async ({ keepLogs = false } = {}) => {
    await Promise.all(stops.splice(0).map((stopOne) => stopOne()));
    if (keepLogs) removeAllButLogs(folder);
    else rmSync(folder, { recursive: true, force: true });
  };
  try {
    const fromDocker = useDocker(stops, say);
    if (!fromDocker) ensurePrograms(say);
    const [broker, zooKeeperConnect, postgres] = await Promise.all([
      startBroker(folder, fromDocker, stops),
      startZooKeeper(folder, fromDocker, stops),
      startPostgres(folder, isDisposable, stops),
    ]);
    return { ...broker, zooKeeperConnect, postgres, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function removeAllButLogs(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && !entry.name.endsWith('.log')) rmSync(join(entry.parentPath, entry.name), { force: true });
  }
}

function useDocker(stops: Stop[], say: (line: string) => void): boolean {
  const needed = [
    ...(process.env['AMQP_URL'] === undefined ? ['rabbitmq'] : []),
    ...(process.env['ZOOKEEPER_CONNECT'] === undefined ? ['zookeeper'] : []),
  ];
  if (needed.length === 0 || !isDockerThere()) return false;
  say(`Starting ${needed.join(' and ')} with docker compose.`);
  stops.push(composeUp(needed));
  return true;
}

function ensurePrograms(say: (line: string) => void): void {
  const broker = {
    name: 'RabbitMQ',
    debianPackage: 'rabbitmq-server',
    otherwise: 'set AMQP_URL to one that runs (and AMQP_MANAGEMENT_URL for the tests), or start a Docker engine',
    isThere: canRunRabbitMq,
  };
  const zooKeeper = {
    name: 'ZooKeeper',
    debianPackage: 'zookeeper',
    otherwise: 'set ZOOKEEPER_CONNECT to one that runs, or start a Docker engine',
    isThere: canRunZooKeeper,
  };
  ensureInstalled(
    [
      ...(process.env['AMQP_URL'] === undefined ? [broker] : []),
      ...(process.env['ZOOKEEPER_CONNECT'] === undefined ? [zooKeeper] : []),
    ],
    say,
  );
}

async function startBroker(folder: string, fromDocker: boolean, stops: Stop[]) {
  const { AMQP_URL: amqpUrl, AMQP_MANAGEMENT_URL: managementUrl } = process.env;
  if (amqpUrl !== undefined) return { amqpUrl, managementUrl };
  if (fromDocker) return { amqpUrl: COMPOSE.amqpUrl, managementUrl: COMPOSE.managementUrl };
  const rabbitMq = await PrivateRabbitMq.start(join(folder, 'rabbitmq'));
  stops.push(() => rabbitMq.stop());
  return { amqpUrl: rabbitMq.amqpUrl, managementUrl: rabbitMq.managementUrl };
}

async function startZooKeeper(folder: string, fromDocker: boolean, stops: Stop[]): Promise<string> {
  const given = process.env['ZOOKEEPER_CONNECT'];
  if (given !== undefined) return given;
  if (fromDocker) return COMPOSE.zooKeeperConnect;
  const zooKeeper = await PrivateZooKeeper.start(join(folder, 'zookeeper'));
  stops.push(() => zooKeeper.stop());
  return zooKeeper.connectString;
}

async function startPostgres(
  folder: string,
  isDisposable: boolean,
  stops: Stop[],
): Promise<PrivatePostgres | undefined> {
  const { PROFILE_DATABASE_URL, SHARING_DATABASE_URL, REGISTRY_DATABASE_URL } = process.env;
  if (PROFILE_DATABASE_URL && SHARING_DATABASE_URL && REGISTRY_DATABASE_URL) return undefined;
  const postgres = await PrivatePostgres.start(join(folder, 'postgres'), { settings: isDisposable ? DISPOSABLE : {} });
  stops.push(() => postgres.stop());
  return postgres;
}
