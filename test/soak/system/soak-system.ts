import { rmSync } from 'node:fs';
import { Pool } from 'pg';
import { PrivatePostgres } from '../../../tools/servers/private-postgres';
import { PrivateRabbitMq } from '../../../tools/servers/private-rabbitmq';
import { PrivateZooKeeper } from '../../../tools/servers/private-zookeeper';
import { TcpProxy } from '../../support/network/tcp-proxy';
import { Instance } from './instance';
import {
  INSTANCE_NAMES,
  INSTANCES,
  type InstanceName,
  SERVICES,
  type ServerName,
  type ServiceName,
  serversOf,
} from './instances';

const ADMIN_TOKEN = 'the-token-of-the-soak';

/** The soak's own servers and all instances; each instance connects through its own proxies. */
export class SoakSystem {
  private constructor(
    readonly rabbitMq: PrivateRabbitMq,
    readonly zooKeeper: PrivateZooKeeper,
    readonly postgres: PrivatePostgres,
    readonly instances: ReadonlyMap<InstanceName, Instance>,
    private readonly pools: ReadonlyMap<ServiceName, Pool>,
    private readonly dataFolder: string,
  ) {}

  /** Resolves when all instances are ready. */
  static async start(folder: string): Promise<SoakSystem> {
    const dataFolder = `${folder}/servers`;
    const [rabbitMq, zooKeeper, postgres] = await Promise.all([
      PrivateRabbitMq.start(`${dataFolder}/rabbitmq`),
      PrivateZooKeeper.start(`${dataFolder}/zookeeper`),
      PrivatePostgres.start(`${dataFolder}/postgres`),
    ]);
    const pools = new Map<ServiceName, Pool>();
    for (const service of SERVICES) pools.set(service, poolOf(await postgres.createDatabase(service)));
    const portOf: Record<ServerName, number> = {
      RabbitMQ: rabbitMq.port,
      ZooKeeper: zooKeeper.port,
      PostgreSQL: postgres.port,
    };
    const instances = new Map<InstanceName, Instance>();
    for (const name of INSTANCE_NAMES) instances.set(name, await makeInstance(name, portOf, folder));
    const system = new SoakSystem(rabbitMq, zooKeeper, postgres, instances, pools, dataFolder);
    await Promise.all([...instances.values()].map((instance) => instance.start()));
    await system.waitUntilReady();
    // RabbitMQ 3.10 writes a new quorum queue's registration to disk some time after it has confirmed the declaration;
    // a kill before that loses the queue. The soak is about queues that have existed for a while.
    await rabbitMq.restartGently();
    await system.waitUntilReady();
    return system;
  }

  instance(name: InstanceName): Instance {
    return this.instances.get(name) as Instance;
  }

  link(name: InstanceName, server: ServerName): TcpProxy {
    return this.instance(name).links.get(server) as TcpProxy;
  }

  /** The service's database, without a proxy. */
  database(service: ServiceName): Pool {
    return this.pools.get(service) as Pool;
  }

  /** Ids of the member managers, as reported by `instance`. */
  async members(instance: InstanceName): Promise<string[]> {
    const response = await fetch(`${this.instance(instance).url}/admin/v1/members`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`Listing the members failed with status ${response.status}`);
    const { items } = (await response.json()) as { items: { id: string }[] };
    return items.map(({ id }) => id);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.instances.values()].map((instance) => instance.stop()));
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
    const links = [...this.instances.values()].flatMap((instance) => [...instance.links.values()]);
    await Promise.all(links.map((link) => link.stop()));
    await Promise.all([this.rabbitMq.stop(), this.zooKeeper.stop(), this.postgres.stop()]);
    rmSync(this.dataFolder, { recursive: true, force: true });
  }

  private async waitUntilReady(): Promise<void> {
    for (const instance of this.instances.values()) await instance.waitUntilReady();
  }
}

async function makeInstance(
  name: InstanceName,
  portOf: Readonly<Record<ServerName, number>>,
  folder: string,
): Promise<Instance> {
  const links = new Map<ServerName, TcpProxy>();
  for (const server of serversOf(name)) {
    links.set(server, await TcpProxy.start({ host: '127.0.0.1', port: portOf[server] }));
  }
  const app = INSTANCES[name];
  const portTo = (server: ServerName) => links.get(server)?.port;
  const own: Record<string, string> =
    app === 'event-manager'
      ? { ZOOKEEPER_CONNECT: `127.0.0.1:${portTo('ZooKeeper')}`, ADMIN_TOKEN }
      : { DATABASE_URL: `postgres://postgres:postgres@127.0.0.1:${portTo('PostgreSQL')}/${app}` };
  const env = { AMQP_URL: `amqp://guest:guest@127.0.0.1:${portTo('RabbitMQ')}`, ...own };
  return new Instance({ name, app, env, logFolder: `${folder}/logs/${name}`, links });
}

function poolOf(connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 6, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => {
    // The soak kills PostgreSQL; the queries report the error.
  });
  return pool;
}
