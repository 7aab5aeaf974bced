import type { Checkpoint } from '@dbem/runtime';
import type { Pool } from 'pg';
import { type AppName, AppProcess } from '../../../../tools/apps/app-process';
import type { AppInstance } from '../../apps/app-instance';
import { InProcessApp } from '../../apps/in-process-app';
import { logFolder } from '../../apps/log-folder';
import { type Answer, request } from '../../http/http';
import { type TcpProxy } from '../../network/tcp-proxy';
import { waitUntilBackfilled } from '../../reconcile/history';
import { ADMIN_TOKEN } from '../admin-token';
import { recordHistory } from '../expectations/history';
import { allReady } from '../expectations/readiness';
import { appOf, type Environment, type Instance, Links } from './links';
import { OwnServers, type ServerName, type Servers } from './own-servers';
import { makeRealm, type Realm, type Service } from './realm';

export interface FaultSystemOptions<Owned extends ServerName> {
  /** Services that run beside the event manager. Default: profile and sharing. */
  readonly services?: readonly Service[];
  /** Servers that the test kills, stops or reconfigures. Default: none; it uses the servers that all tests share. */
  readonly owns?: readonly Owned[];
  /**
   * Apps that the test kills or pauses: each instance is a separate process. Default: none; apps run in the test's
   * process.
   */
  readonly asProcesses?: readonly AppName[];
  /** Extra environment for every instance of the app. */
  readonly environment?: Partial<Record<AppName, Environment>>;
  /** True: the databases have no schema, as if no service had ever run. Default: false. */
  readonly isEmpty?: boolean;
}

/** The event manager and services. Each instance connects to its servers over links that can be cut. */
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

  /** Resolves when all apps are ready and the initial backfills are complete; what sharing applies is recorded. */
  static async start<Owned extends ServerName = never>(
    options: FaultSystemOptions<Owned> = {},
  ): Promise<FaultSystem<Owned>> {
    const system = await FaultSystem.prepare(options);
    await system.startApps();
    return system;
  }

  /** Starts no app yet; see `startApps` and `startApp`. */
  static async prepare<Owned extends ServerName = never>(
    options: FaultSystemOptions<Owned> = {},
  ): Promise<FaultSystem<Owned>> {
    const { services = ['profile', 'sharing'], owns = [], isEmpty = false } = options;
    const servers = await OwnServers.start(owns);
    const system = new FaultSystem(servers, await makeRealm(servers, services, isEmpty), options);
    for (const app of ['event-manager', ...services] as const) await system.links.open(app);
    return system;
  }

  /** Starts one instance of each app; resolves as `start`. */
  async startApps(): Promise<void> {
    await this.startApp('event-manager');
    await Promise.all(this.realm.services.map((service) => this.startApp(service)));
    await allReady(this);
    await waitUntilBackfilled(this.app('event-manager').url, ADMIN_TOKEN, this.realm.services);
    await recordHistory(this.database('sharing'));
  }

  /** @throws Error unless the server is one of `owns`. */
  server<Name extends Owned>(name: Name): Servers[Name] {
    const server = this.servers.get(name);
    if (server === undefined) throw new Error(`${name} is shared with other tests: add it to owns`);
    return server;
  }

  /** RabbitMQ for the test itself, without a link. */
  get amqpUrl(): string {
    return this.realm.amqpUrl;
  }

  /** GET from RabbitMQ's management API; {vhost} in the path is replaced by this system's vhost. */
  async management<Body>(path: string): Promise<Answer<Body>> {
    const { username, password, host } = new URL(this.realm.managementUrl);
    const headers = { authorization: `Basic ${btoa(`${username}:${password}`)}` };
    const url = `http://${host}${path.replace('{vhost}', encodeURIComponent(this.realm.vhost))}`;
    return request<Body>('GET', url, { headers });
  }

  database(service: Service): Pool {
    return this.realm.database(service).pool;
  }

  /** The link between an instance and a server. */
  link(instance: Instance, server: ServerName): TcpProxy {
    return this.links.get(instance, server);
  }

  /** All instances that were started and not stopped by `stopApp`. */
  get instances(): readonly AppInstance[] {
    return [...this.running.values()];
  }

  app(instance: Instance): AppInstance {
    const app = this.running.get(instance);
    if (app === undefined) throw new Error(`${instance} was not started`);
    return app;
  }

  /** @throws Error unless the instance runs in a separate process. */
  process(instance: Instance): AppProcess {
    const app = this.app(instance);
    if (!(app instanceof AppProcess))
      throw new Error(`${instance} does not run in a separate process: add it to asProcesses`);
    return app;
  }

  /** Starts an instance that does not run; does not wait until it is ready, see `allReady`. */
  async startApp(instance: Instance, environment: Environment = {}): Promise<AppInstance> {
    const app = appOf(instance);
    const env = await this.environmentOf(instance, environment);
    const started = this.options.asProcesses?.includes(app)
      ? await AppProcess.start({ app, env, logFolder })
      : await InProcessApp.start(app, env);
    this.running.set(instance, started);
    return started;
  }

  /** Stops the instance gracefully. */
  async stopApp(instance: Instance): Promise<void> {
    await this.app(instance).stop();
    this.running.delete(instance);
  }

  /** Ends the instance, by SIGKILL if it is a separate process, and starts it again. */
  async restartApp(instance: Instance, environment: Environment = {}): Promise<AppInstance> {
    await this.end(instance);
    return this.startApp(instance, environment);
  }

  /**
   * Replaces the instance by a process that kills itself with SIGKILL at the checkpoint; see `expectKilled`.
   * `<checkpoint>:3`: when it reaches the checkpoint for the third time.
   */
  async startWithCrashAt(
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
    // A failed test may not have ended its fault.
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
