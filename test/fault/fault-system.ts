import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { type AppName, AppProcess } from '../../tools/apps/app-process';
import { PrivatePostgres } from '../../tools/servers/private-postgres';
import { PrivateRabbitMq } from '../../tools/servers/private-rabbitmq';
import { PrivateZooKeeper } from '../../tools/servers/private-zookeeper';
import { logFolder, request } from '../support';

const LOCAL = fileURLToPath(new URL('../../.local', import.meta.url));
const ADMIN_TOKEN = 'the-fault-tests-token';

/** Whose environment is changed for one start. */
export type Environment = Readonly<Record<string, string>>;

type Service = 'profile' | 'sharing' | 'registry';

/** Servers that can be killed, and the event manager and services (profile and sharing, if nothing else is said) on them. */
export class FaultSystem {
  readonly apps = new Map<AppName, AppProcess>();
  readonly extraApps: AppProcess[] = [];
  private readonly databases = new Map<AppName, { url: string; pool: Pool }>();

  private constructor(
    readonly rabbitMq: PrivateRabbitMq,
    readonly zooKeeper: PrivateZooKeeper,
    readonly postgres: PrivatePostgres,
    private readonly folder: string,
  ) {}

  static async start(services: readonly Service[] = ['profile', 'sharing']): Promise<FaultSystem> {
    const folder = `${LOCAL}/fault-${randomUUID().slice(0, 8)}`;
    const [rabbitMq, zooKeeper, postgres] = await Promise.all([
      PrivateRabbitMq.start(`${folder}/rabbitmq`),
      PrivateZooKeeper.start(`${folder}/zookeeper`),
      PrivatePostgres.start(`${folder}/postgres`),
    ]);
    const system = new FaultSystem(rabbitMq, zooKeeper, postgres, folder);
    for (const app of services) {
      const url = await postgres.createDatabase(app);
      const pool = new Pool({ connectionString: url, max: 4 });
      pool.on('error', () => {
        // PostgreSQL is being killed: that is what these tests do.
      });
      system.databases.set(app, { url, pool });
    }
    await Promise.all((['event-manager', ...services] as const).map((app) => system.startApp(app)));
    for (const app of system.apps.values()) await app.waitUntilReady();
    // RabbitMQ (3.10) writes a new quorum queue's registration to disk some time after it has confirmed the declaration; one
    // that is killed before never brings the queue up again. These tests are about queues that have been there for a while.
    await rabbitMq.restartGently();
    for (const app of system.apps.values()) await app.waitUntilReady();
    return system;
  }

  database(app: Service): Pool {
    const database = this.databases.get(app);
    if (database === undefined) throw new Error(`no database of ${app}`);
    return database.pool;
  }

  async startApp(app: AppName, environment: Environment = {}): Promise<AppProcess> {
    const process = await this.launch(app, environment);
    this.apps.set(app, process);
    return process;
  }

  /** One more instance beside the first. */
  async startAnother(app: AppName): Promise<AppProcess> {
    const process = await this.launch(app, {});
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

  async admin(method: string, path: string, body?: unknown) {
    const url = `${this.app('event-manager').url}/admin/v1${path}`;
    return request(method, url, { token: ADMIN_TOKEN, ...(body !== undefined && { body }) });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.apps.values(), ...this.extraApps].map((app) => app.stop()));
    await Promise.all([...this.databases.values()].map(({ pool }) => pool.end()));
    await Promise.all([this.rabbitMq.stop(), this.zooKeeper.stop(), this.postgres.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private launch(app: AppName, environment: Environment): Promise<AppProcess> {
    const own: Environment =
      app === 'event-manager'
        ? { ZOOKEEPER_CONNECT: this.zooKeeper.connectString, ADMIN_TOKEN }
        : { DATABASE_URL: this.databases.get(app)?.url ?? '' };
    return AppProcess.start({ app, env: { AMQP_URL: this.rabbitMq.amqpUrl, ...own, ...environment }, logFolder });
  }
}
