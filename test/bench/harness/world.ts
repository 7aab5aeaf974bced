import { randomUUID } from 'node:crypto';
import { declareManagerTopology, declareServiceTopology, RabbitMqBroker } from '@dbem/transport';
import { Pool } from 'pg';
import { type AppName, AppProcess } from '../../../tools/apps/app-process';
import { management } from './management';
import type { Processes } from './meter';
import { Program } from './program';
import { QueueProbe } from './queue-probe';
import { countIndexes, createMapRoot, type SeededSubscription, seedMap } from './seed-map';
import type { Stage } from './stage';
import { until } from './until';

/** The only setting of the apps: the defaults are measured. */
const APP_ENVIRONMENT = { LOG_LEVEL: 'info' };

/** A run's own part of the servers (vhost, subscription map, databases), and the processes that use it. */
export class World {
  /** Rejects when a program exits unexpectedly: the measurement would never finish. */
  readonly failed: Promise<never>;
  private fail: (error: unknown) => void = () => {};
  private readonly apps: AppProcess[] = [];
  private readonly programs: Program[] = [];
  private readonly pools = new Map<string, Pool>();
  private readonly databases: string[] = [];

  private constructor(
    readonly stage: Stage,
    readonly name: string,
    readonly amqpUrl: string,
    readonly zooKeeperConnect: string,
    readonly probe: QueueProbe,
  ) {
    this.failed = new Promise((_resolve, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {
      // It may reject after the run has ended.
    });
  }

  static async on(stage: Stage): Promise<World> {
    const name = `bench-${randomUUID().slice(0, 8)}`;
    const { managementUrl = '', zooKeeperConnect, amqpUrl } = stage.servers;
    await management(managementUrl, 'PUT', `/api/vhosts/${name}`);
    await management(managementUrl, 'PUT', `/api/permissions/${name}/guest`, {
      configure: '.*',
      write: '.*',
      read: '.*',
    });
    const ownUrl = new URL(amqpUrl);
    ownUrl.pathname = `/${name}`;
    const mapRoot = await createMapRoot(zooKeeperConnect, `/${name}`);
    const probe = await QueueProbe.open(ownUrl.toString());
    const world = new World(stage, name, ownUrl.toString(), mapRoot, probe);
    await world.declare([]);
    return world;
  }

  /** Declares the manager's queues and those of these services, as the event manager does. */
  async declare(services: readonly string[]): Promise<void> {
    const broker = new RabbitMqBroker({ url: this.amqpUrl });
    await broker.start();
    await until(() => broker.health().isConnected, { what: 'the broker' });
    await declareManagerTopology(broker.topology);
    for (const service of services) await declareServiceTopology(broker.topology, service, 'quorum');
    await broker.stop();
  }

  /** Call it before the event manager starts. */
  async subscribe(subscriptions: readonly SeededSubscription[]): Promise<void> {
    await seedMap(this.zooKeeperConnect, subscriptions);
  }

  /** Resolves when a running event manager has created the indexes of `count` publishers. */
  async waitForIndexes(count: number): Promise<void> {
    const haveBeenCreated = async () => (await countIndexes(this.zooKeeperConnect)) >= count;
    await until(haveBeenCreated, { intervalMs: 200, what: 'the index of the map' });
  }

  async createDatabase(service: string): Promise<string> {
    const name = `${this.name}-${service}`;
    this.databases.push(name);
    return this.stage.postgres.createDatabase(name);
  }

  urlOf(service: string): string {
    return this.stage.postgres.urlOf(`${this.name}-${service}`);
  }

  /** The harness's own pool on a service's database. */
  pool(service: string): Pool {
    const present = this.pools.get(service);
    if (present !== undefined) return present;
    const pool = new Pool({ connectionString: this.urlOf(service), max: 2 });
    this.pools.set(service, pool);
    return pool;
  }

  /** The admin token of the event managers. */
  readonly adminToken = 'the-bench-has-a-token';

  /** @param database the app whose database it uses; default: its own */
  async startApp(app: AppName, database: string = app): Promise<AppProcess> {
    const own: Record<string, string> =
      app === 'event-manager'
        ? { ZOOKEEPER_CONNECT: this.zooKeeperConnect, ADMIN_TOKEN: this.adminToken }
        : { DATABASE_URL: this.urlOf(database) };
    const process = await AppProcess.start({
      app,
      env: {
        AMQP_URL: this.amqpUrl,
        ...APP_ENVIRONMENT,
        ...own,
      },
      logFolder: this.stage.servers.folder,
      nodeArguments: this.stage.nodeArguments,
    });
    this.apps.push(process);
    return process;
  }

  /** @param file path below test/bench */
  async startProgram(file: string, config: object): Promise<Program> {
    const program = await Program.start({
      file,
      config,
      logFile: `${this.stage.servers.folder}/${file.replaceAll('/', '-')}.log`,
      execArgv: this.stage.nodeArguments,
    });
    this.programs.push(program);
    program.failed.catch((error: unknown) => this.fail(error));
    return program;
  }

  /** These processes and the servers' processes. */
  processes(own: Processes): Processes {
    return { ...own, ...this.stage.serverProcesses };
  }

  /** Stops all processes and drops the vhost and the databases. */
  async drop(): Promise<void> {
    await Promise.all([...this.apps, ...this.programs].map((process) => process.stop()));
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
    await this.probe.close();
    for (const database of this.databases) await this.stage.postgres.dropDatabase(database);
    await management(this.stage.servers.managementUrl ?? '', 'DELETE', `/api/vhosts/${this.name}`);
  }
}
