import { Pool } from 'pg';
import { type AppName, AppProcess } from '../../../tools/apps/app-process';
import type { PrivatePostgres } from '../../../tools/servers/private-postgres';
import type { PrivateRabbitMq } from '../../../tools/servers/private-rabbitmq';
import type { PrivateZooKeeper } from '../../../tools/servers/private-zookeeper';
import { logFolder, request, TcpProxy } from '..';
import { ADMIN_TOKEN } from './admin-token';
import { FaultServers, type ServerName } from './fault-servers';
import { freshRealm, type Realm } from './realm';

/** Whose environment is changed for one start. */
export type Environment = Readonly<Record<string, string>>;

type Service = 'profile' | 'sharing' | 'registry';

export interface FaultSystemOptions {
  /** Those that run beside the event manager. Default: profile and sharing. */
  readonly services?: readonly Service[];
  readonly willKillRabbitMq?: boolean;
}

/** The event manager and services on servers that can be killed, with a link to each server that can be cut. */
export class FaultSystem {
  readonly apps = new Map<AppName, AppProcess>();
  readonly extraApps: AppProcess[] = [];
  private readonly links = new Map<string, TcpProxy>();
  private readonly pools = new Map<AppName, Pool>();
  private ownsServers = false;

  private constructor(
    readonly servers: FaultServers,
    private readonly realm: Realm,
  ) {
    for (const app of ['profile', 'sharing', 'registry'] as const)
      this.pools.set(app, poolOf(this.databaseUrl(app, servers.postgres.port)));
  }

  /**
   * Servers of its own, and these services and the event manager ready on them.
   *
   * RabbitMQ (3.10) writes a new quorum queue's registration to disk some time after it has confirmed the declaration; one that
   * is killed before never brings the queue up again. A test that kills RabbitMQ is about queues that have been there for a
   * while: for it RabbitMQ is restarted in good order first.
   */
  static async start({
    services = ['profile', 'sharing'],
    willKillRabbitMq = false,
  }: FaultSystemOptions = {}): Promise<FaultSystem> {
    const system = await FaultSystem.on(await FaultServers.start());
    system.ownsServers = true;
    await Promise.all((['event-manager', ...services] as const).map((app) => system.startApp(app)));
    await system.waitUntilReady();
    if (willKillRabbitMq) {
      await system.rabbitMq.restartGently();
      await system.waitUntilReady();
    }
    return system;
  }

  /** Servers that others use too, with nothing on them that this system could find; no app is started. */
  static async on(servers: FaultServers): Promise<FaultSystem> {
    return new FaultSystem(servers, await freshRealm(servers));
  }

  get rabbitMq(): PrivateRabbitMq {
    return this.servers.rabbitMq;
  }

  get zooKeeper(): PrivateZooKeeper {
    return this.servers.zooKeeper;
  }

  get postgres(): PrivatePostgres {
    return this.servers.postgres;
  }

  /** RabbitMQ, for the tests themselves. */
  get amqpUrl(): string {
    return this.amqpUrlAt(this.rabbitMq.port);
  }

  /** The virtual host's name. */
  get vhost(): string {
    return this.realm.vhostPath.slice(1);
  }

  database(app: Service): Pool {
    return this.pools.get(app) as Pool;
  }

  /** What stands between an app and a server. The app must have been started once. `profile 2`: the second instance. */
  link(instance: AppName | `${AppName} ${number}`, server: ServerName): TcpProxy {
    const link = this.links.get(`${instance} ${server}`);
    if (link === undefined) throw new Error(`${instance} has no link to ${server}`);
    return link;
  }

  async startApp(app: AppName, environment: Environment = {}): Promise<AppProcess> {
    const process = await this.launch(app, app, environment);
    this.apps.set(app, process);
    return process;
  }

  /** One more instance beside the first; its links are its own. */
  async startAnother(app: AppName, environment: Environment = {}): Promise<AppProcess> {
    const process = await this.launch(app, `${app} ${this.extraApps.length + 2}`, environment);
    this.extraApps.push(process);
    return process;
  }

  app(app: AppName): AppProcess {
    const process = this.apps.get(app);
    if (process === undefined) throw new Error(`${app} was never started`);
    return process;
  }

  /** Ends the app and starts it again with this environment. */
  async restartApp(app: AppName, environment: Environment = {}): Promise<AppProcess> {
    await this.app(app).kill();
    return this.startApp(app, environment);
  }

  async waitUntilReady(): Promise<void> {
    for (const app of [...this.apps.values(), ...this.extraApps]) await app.waitUntilReady();
  }

  /** Asks an event manager's admin API, by default the first one's. */
  async admin<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    manager: AppProcess = this.app('event-manager'),
  ) {
    const url = `${manager.url}/admin/v1${path}`;
    return request<Body>(method, url, { token: ADMIN_TOKEN, ...(body !== undefined && { body }) });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.apps.values(), ...this.extraApps].map((app) => app.stop()));
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
    await Promise.all([...this.links.values()].map((link) => link.stop()));
    if (this.ownsServers) await this.servers.stop();
  }

  private async launch(app: AppName, instance: string, environment: Environment): Promise<AppProcess> {
    const amqpPort = await this.portOfLink(instance, 'RabbitMQ');
    const own: Environment =
      app === 'event-manager'
        ? {
            ZOOKEEPER_CONNECT: this.zooKeeperConnectAt(await this.portOfLink(instance, 'ZooKeeper')),
            ADMIN_TOKEN,
            ADMIN_RATE_LIMIT: '100000',
          }
        : { DATABASE_URL: this.databaseUrl(app, await this.portOfLink(instance, 'PostgreSQL')) };
    return AppProcess.start({ app, env: { AMQP_URL: this.amqpUrlAt(amqpPort), ...own, ...environment }, logFolder });
  }

  private async portOfLink(instance: string, server: ServerName): Promise<number> {
    const name = `${instance} ${server}`;
    const present = this.links.get(name);
    if (present !== undefined) return present.port;
    const link = await TcpProxy.start({ host: '127.0.0.1', port: this.servers.portOf(server) });
    this.links.set(name, link);
    return link.port;
  }

  /** RabbitMQ, where somebody stands between, at this port. */
  amqpUrlAt(port: number): string {
    return `amqp://guest:guest@127.0.0.1:${port}${this.realm.vhostPath}`;
  }

  /** ZooKeeper, where somebody stands between, at this port. */
  zooKeeperConnectAt(port: number): string {
    return `127.0.0.1:${port}${this.realm.chroot}`;
  }

  private databaseUrl(app: AppName, port: number): string {
    return `postgres://postgres:postgres@127.0.0.1:${port}/${this.realm.databases[app as Service]}`;
  }
}

function poolOf(connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 4 });
  pool.on('error', () => {
    // PostgreSQL is being killed: that is what these tests do.
  });
  return pool;
}
