import type { Checkpoint } from '@dbem/runtime';
import type { Pool } from 'pg';
import { type AppName, AppProcess } from '../../../../tools/apps/app-process';
import type { AppInstance } from '../../apps/app-instance';
import { InProcessApp } from '../../apps/in-process-app';
import { logFolder } from '../../apps/log-folder';
import { type Answer, request } from '../../http/http';
import { type TcpProxy } from '../../network/tcp-proxy';
import { waitUntilHistoryIsThere } from '../../reconcile/history';
import { ADMIN_TOKEN } from '../admin-token';
import { recordHistory } from '../expectations/history';
import { allReady } from '../expectations/readiness';
import { appOf, type Environment, type Instance, Links } from './links';
import { OwnServers, type ServerName, type Servers } from './own-servers';
import { makeRealm, type Realm, type Service } from './realm';

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
  private readonly links: Links;

  private constructor(
    private readonly servers: OwnServers,
    private readonly realm: Realm,
    private readonly options: FaultSystemOptions<Owned>,
  ) {
    this.links = new Links(realm);
  }

  /** All apps run and are ready, replicas have the history that they asked for, and what sharing applies is recorded. */
  static async start<Owned extends ServerName = never>(
    options: FaultSystemOptions<Owned> = {},
  ): Promise<FaultSystem<Owned>> {
    const system = await FaultSystem.prepare(options);
    await system.startApps();
    return system;
  }

  /** No app runs yet; see `startApps` and `startApp`. */
  static async prepare<Owned extends ServerName = never>(
    options: FaultSystemOptions<Owned> = {},
  ): Promise<FaultSystem<Owned>> {
    const { services = ['profile', 'sharing'], owns = [], isEmpty = false } = options;
    const servers = await OwnServers.start(owns);
    const system = new FaultSystem(servers, await makeRealm(servers, services, isEmpty), options);
    for (const app of ['event-manager', ...services] as const) await system.links.open(app);
    return system;
  }

  /** One instance of each app, until all are ready and replicas have their history; what sharing applies is recorded from then on. */
  async startApps(): Promise<void> {
    await this.startApp('event-manager');
    await Promise.all(this.realm.services.map((service) => this.startApp(service)));
    await allReady(this);
    await waitUntilHistoryIsThere(this.app('event-manager').url, ADMIN_TOKEN, this.realm.services);
    await recordHistory(this.database('sharing'));
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

  /** Calls RabbitMQ's management API: GET of a path in which {vhost} stands for this system's. */
  async management<Body>(path: string): Promise<Answer<Body>> {
    const { username, password, host } = new URL(this.realm.managementUrl);
    const headers = { authorization: `Basic ${btoa(`${username}:${password}`)}` };
    const url = `http://${host}${path.replace('{vhost}', encodeURIComponent(this.realm.vhost))}`;
    return request<Body>('GET', url, { headers });
  }

  database(service: Service): Pool {
    return this.realm.database(service).pool;
  }

  /** What stands between an instance and a server. */
  link(instance: Instance, server: ServerName): TcpProxy {
    return this.links.get(instance, server);
  }

  /** All that were started and not stopped by `stopApp`. */
  get instances(): readonly AppInstance[] {
    return [...this.running.values()];
  }

  app(instance: Instance): AppInstance {
    const app = this.running.get(instance);
    if (app === undefined) throw new Error(`${instance} was not started`);
    return app;
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

  /** Calls an event manager's admin API. */
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
    this.links.restore();
    await Promise.all([...this.running.keys()].map((instance) => this.end(instance)));
    await this.links.stop();
    await this.realm.drop();
    await this.servers.stop();
  }

  private async end(instance: Instance): Promise<void> {
    const app = this.running.get(instance);
    if (app instanceof AppProcess) await app.kill();
    else await app?.stop();
  }

  private async environmentOf(instance: Instance, environment: Environment): Promise<Environment> {
    await this.links.open(instance);
    return { ...this.links.environmentOf(instance), ...this.options.environment?.[appOf(instance)], ...environment };
  }
}
