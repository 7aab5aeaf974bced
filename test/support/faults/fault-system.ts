import type { Checkpoint } from '@dbem/platform';
import type { Pool } from 'pg';
import { type AppName, AppProcess } from '../../../tools/apps/app-process';
import { type Answer, logFolder, request, TcpProxy } from '..';
import type { AppInstance } from '../apps/app-instance';
import { InProcessApp } from '../apps/in-process-app';
import { ADMIN_TOKEN } from './admin-token';
import { recordHistory } from './history';
import { OwnServers, type ServerName, type Servers } from './own-servers';
import { allReady } from './readiness';
import { makeRealm, type Realm, type Service } from './realm';

/** What an app's environment has on top of what it needs to find its servers. */
export type Environment = Readonly<Record<string, string>>;

/** `profile`: the first instance. `profile 2`: the second. */
export type Instance = AppName | `${AppName} ${number}`;

export interface FaultSystemOptions<Owned extends ServerName> {
  /** Those that run beside the event manager. Default: profile and sharing. */
  readonly services?: readonly Service[];
  /** Servers that the test kills, stops or reconfigures. Default: none; it uses the run's shared ones. */
  readonly owns?: readonly Owned[];
  /** Apps that the test kills or pauses: each instance is a process of its own. Default: none; apps run in the test's process. */
  readonly asProcesses?: readonly AppName[];
  /** For every instance of the app. */
  readonly environment?: Partial<Record<AppName, Environment>>;
  /** The databases have no schema, as if nothing had ever run there. Default: false. */
  readonly isEmpty?: boolean;
}

/** The event manager and services, each with a link to each of its servers that can be cut, on servers of which some may be its own. */
export class FaultSystem<Owned extends ServerName = never> {
  private readonly running = new Map<Instance, AppInstance>();
  private readonly links = new Map<string, TcpProxy>();

  private constructor(
    private readonly servers: OwnServers,
    private readonly realm: Realm,
    private readonly options: FaultSystemOptions<Owned>,
  ) {}

  /** All apps run and are ready, and sharing's history is recorded. */
  static async start<Owned extends ServerName = never>(
    options: FaultSystemOptions<Owned> = {},
  ): Promise<FaultSystem<Owned>> {
    const system = await FaultSystem.prepare(options);
    await system.startApp('event-manager');
    await Promise.all([...system.realm.databases.keys()].map((service) => system.startApp(service)));
    await allReady(system);
    await recordHistory(system.database('sharing'));
    return system;
  }

  /** No app runs yet. */
  static async prepare<Owned extends ServerName = never>(
    options: FaultSystemOptions<Owned> = {},
  ): Promise<FaultSystem<Owned>> {
    const { services = ['profile', 'sharing'], owns = [], isEmpty = false } = options;
    const servers = await OwnServers.start(owns);
    const system = new FaultSystem(servers, await makeRealm(servers, services, isEmpty), options);
    for (const app of ['event-manager', ...services] as const) await system.openLinks(app);
    return system;
  }

  /** One of those that it owns. */
  server<Name extends Owned>(name: Name): Servers[Name] {
    const server = this.servers.get(name);
    if (server === undefined) throw new Error(`${name} is shared with other tests: name it in owns`);
    return server;
  }

  /** RabbitMQ, for the tests themselves. */
  get amqpUrl(): string {
    return this.realm.amqpUrl;
  }

  /** Asks RabbitMQ's management API about something in this system's vhost: `queues` → `/api/queues/<vhost>`, `queues/a` → … */
  async inVhost<Body>(path: string): Promise<Answer<Body>> {
    const [kind = '', ...rest] = path.split('/');
    return this.management(`/api/${[kind, encodeURIComponent(this.realm.vhost), ...rest].join('/')}`);
  }

  /** Asks RabbitMQ's management API. */
  async management<Body>(path: string): Promise<Answer<Body>> {
    const { username, password, host } = new URL(this.realm.managementUrl);
    const headers = { authorization: `Basic ${btoa(`${username}:${password}`)}` };
    return request<Body>('GET', `http://${host}${path}`, { headers });
  }

  database(service: Service): Pool {
    return entryOf(this.realm.databases, service).pool;
  }

  /** What stands between an app and a server. */
  link(instance: Instance, server: ServerName): TcpProxy {
    return entryOf(this.links, `${instance} ${server}`);
  }

  /** All that were started and not stopped by `stopApp`. */
  get instances(): readonly AppInstance[] {
    return [...this.running.values()];
  }

  app(instance: Instance): AppInstance {
    return entryOf(this.running, instance);
  }

  /** An instance that has a process of its own. */
  process(instance: Instance): AppProcess {
    const app = this.app(instance);
    if (!(app instanceof AppProcess)) throw new Error(`${instance} has no process of its own: name it in asProcesses`);
    return app;
  }

  /** Starts the instance, which does not run; see `allReady`. */
  async startApp(instance: Instance, environment: Environment = {}): Promise<AppInstance> {
    const app = appOf(instance);
    const env = await this.environmentOf(instance, environment);
    const started = this.options.asProcesses?.includes(app)
      ? await AppProcess.start({ app, env, logFolder })
      : await InProcessApp.start(app, env);
    this.running.set(instance, started);
    return started;
  }

  /** Stops the instance in good order. */
  async stopApp(instance: Instance): Promise<void> {
    await this.app(instance).stop();
    this.running.delete(instance);
  }

  /** Ends the instance, by SIGKILL if it has a process of its own, and starts it again. */
  async restartApp(instance: Instance, environment: Environment = {}): Promise<AppInstance> {
    await this.end(instance);
    return this.startApp(instance, environment);
  }

  /**
   * Replaces the instance by a process that ends by SIGKILL at the checkpoint; see `expectKilled`. `<checkpoint>:3`: when it
   * passes for the third time.
   */
  async startDoomed(
    instance: Instance,
    crashAt: Checkpoint | `${Checkpoint}:${number}`,
    environment: Environment = {},
  ): Promise<AppProcess> {
    await this.end(instance);
    const env = await this.environmentOf(instance, { ...environment, CRASH_AT: crashAt });
    const doomed = await AppProcess.start({ app: appOf(instance), env, logFolder });
    this.running.set(instance, doomed);
    return doomed;
  }

  /** Asks an event manager's admin API. */
  async admin<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    manager: Instance = 'event-manager',
  ) {
    const url = `${this.app(manager).url}/admin/v1${path}`;
    return request<Body>(method, url, { token: ADMIN_TOKEN, ...(body !== undefined && { body }) });
  }

  async stop(): Promise<void> {
    // A test that failed may have left a fault behind.
    for (const link of this.links.values()) link.restore();
    await Promise.all([...this.running.keys()].map((instance) => this.end(instance)));
    await Promise.all([...this.links.values()].map((link) => link.stop()));
    await this.realm.drop();
    await this.servers.stop();
  }

  private async end(instance: Instance): Promise<void> {
    const app = this.running.get(instance);
    if (app instanceof AppProcess) await app.kill();
    else await app?.stop();
  }

  private async environmentOf(instance: Instance, environment: Environment): Promise<Environment> {
    await this.openLinks(instance);
    const app = appOf(instance);
    const through = (server: ServerName) => {
      const url = this.urlOf(app, server);
      url.host = `127.0.0.1:${this.link(instance, server).port}`;
      return url;
    };
    return {
      AMQP_URL: through('RabbitMQ').href,
      ...(app === 'event-manager'
        ? {
            ZOOKEEPER_CONNECT: connectStringOf(through('ZooKeeper')),
            ADMIN_TOKEN,
            // Tests ask in a loop until what they wait for is there.
            ADMIN_RATE_LIMIT: '100000',
          }
        : { DATABASE_URL: through('PostgreSQL').href }),
      ...this.options.environment?.[app],
      ...environment,
    };
  }

  private async openLinks(instance: Instance): Promise<void> {
    const app = appOf(instance);
    for (const server of ['RabbitMQ', app === 'event-manager' ? 'ZooKeeper' : 'PostgreSQL'] as const) {
      const name = `${instance} ${server}`;
      if (this.links.has(name)) continue;
      const { hostname, port } = this.urlOf(app, server);
      this.links.set(name, await TcpProxy.start({ host: hostname, port: Number(port) }));
    }
  }

  private urlOf(app: AppName, server: ServerName): URL {
    if (server === 'RabbitMQ') return new URL(this.realm.amqpUrl);
    if (server === 'ZooKeeper') return new URL(`zookeeper://${this.realm.zooKeeperConnect}`);
    return new URL(entryOf(this.realm.databases, app as Service).url);
  }
}

function appOf(instance: Instance): AppName {
  return instance.split(' ')[0] as AppName;
}

function connectStringOf({ host, pathname }: URL): string {
  return `${host}${pathname}`;
}

function entryOf<Name extends string, Value>(entries: ReadonlyMap<Name, Value>, name: Name): Value {
  const entry = entries.get(name);
  if (entry === undefined) throw new Error(`There is no ${name} in this system`);
  return entry;
}
