import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { Pool } from 'pg';
import { AppProcess } from '../tools/apps/app-process';
import { LegacyService } from '../tools/legacy/legacy-service';
import type { Servers } from '../tools/servers/servers';
import { provisionApps } from './broker-users';
import { ApiClient } from './story/api-client';
import type { AppInstance, AppName, DatabaseName, StorySystem } from './story/story-system';

const DATABASES: readonly DatabaseName[] = ['profile', 'sharing', 'registry'];

interface RunningInstance extends AppInstance {
  readonly url: string;
}

/** The demo's system on a set of servers: it has its own databases, and each app runs as a process. */
export class RunningSystem implements StorySystem {
  readonly legacyService: LegacyService;
  readonly adminToken = randomUUID();
  private readonly serviceToken = randomUUID();
  private readonly running = new Map<AppName, RunningInstance[]>();

  private constructor(
    private readonly servers: Servers,
    private readonly databaseUrls: Readonly<Record<DatabaseName, string>>,
    readonly databases: Readonly<Record<DatabaseName, Pool>>,
    /** One URL per app; undefined: all apps use `servers.amqpUrl`. */
    private readonly amqpUrls: Readonly<Record<AppName, string>> | undefined,
    private readonly nodeArguments: readonly string[],
  ) {
    this.legacyService = new LegacyService(servers.amqpUrl);
  }

  /** @param nodeArguments Node's own arguments for each app. */
  static async on(servers: Servers, nodeArguments: readonly string[] = []): Promise<RunningSystem> {
    const urls: [DatabaseName, string][] = [];
    for (const name of DATABASES) urls.push([name, await databaseUrlOf(servers, name)]);
    const pools = urls.map(([name, connectionString]) => [name, poolOf(connectionString)] as const);
    for (const [name, pool] of pools) await checkEmpty(name, pool);
    return new RunningSystem(
      servers,
      Object.fromEntries(urls) as Record<DatabaseName, string>,
      Object.fromEntries(pools) as Record<DatabaseName, Pool>,
      await provisionApps(servers),
      nodeArguments,
    );
  }

  async startApp(app: AppName): Promise<AppInstance> {
    const { nodeArguments } = this;
    const env = this.environmentOf(app);
    const process = await AppProcess.start({ app, env, logFolder: this.servers.folder, nodeArguments });
    const instance: RunningInstance = {
      pid: process.pid,
      url: process.url,
      api: new ApiClient(process.url, app === 'event-manager' ? this.adminToken : this.serviceToken),
      stop: () => this.end(app, instance, () => process.stop()),
      kill: () => this.end(app, instance, () => process.kill()),
    };
    this.running.set(app, [...this.instancesOf(app), instance] as RunningInstance[]);
    await process.waitUntilReady();
    return instance;
  }

  instancesOf(app: AppName): readonly AppInstance[] {
    return this.running.get(app) ?? [];
  }

  /** The web console of the first running event manager; undefined while none runs. */
  get consoleUrl(): string | undefined {
    const [manager] = this.running.get('event-manager') ?? [];
    return manager === undefined ? undefined : `${manager.url}/console`;
  }

  async peek(queue: string) {
    const connection = await connect(this.servers.amqpUrl);
    try {
      const channel = await connection.createChannel();
      const messages: { body: Buffer; headers: Record<string, unknown> }[] = [];
      for (;;) {
        const message = await channel.get(queue);
        if (message === false) return messages;
        messages.push({ body: message.content, headers: message.properties.headers ?? {} });
      }
    } finally {
      // Closing the connection returns the unacknowledged messages to the queue.
      await connection.close();
    }
  }

  async stop(): Promise<void> {
    const instances = [...this.running.values()].flat();
    await Promise.all(instances.map((instance) => instance.stop()));
    await Promise.all(Object.values(this.databases).map((pool) => pool.end()));
  }

  private async end(app: AppName, instance: RunningInstance, end: () => Promise<void>): Promise<void> {
    this.running.set(
      app,
      (this.running.get(app) ?? []).filter((other) => other !== instance),
    );
    await end();
  }

  /** The demo's legacy service does not name its broker user. */
  private get identity(): Record<string, string> {
    return this.amqpUrls === undefined ? {} : { IDENTITY: 'enforced', IDENTITY_LEGACY_SERVICES: 'old.service' };
  }

  private environmentOf(app: AppName): Record<string, string> {
    const { amqpUrl, zooKeeperConnect } = this.servers;
    const common = { AMQP_URL: this.amqpUrls?.[app] ?? amqpUrl, LOG_LEVEL: 'info' };
    return app === 'event-manager'
      ? { ...common, ...this.identity, ZOOKEEPER_CONNECT: zooKeeperConnect, ADMIN_TOKEN: this.adminToken }
      : { ...common, DATABASE_URL: this.databaseUrls[app], SERVICE_TOKEN: this.serviceToken };
  }
}

async function databaseUrlOf({ postgres }: Servers, name: DatabaseName): Promise<string> {
  const given = process.env[`${name.toUpperCase()}_DATABASE_URL`];
  if (given !== undefined) return given;
  if (postgres === undefined)
    throw new Error(`Set ${name.toUpperCase()}_DATABASE_URL: no PostgreSQL server was started for ${name}`);
  return postgres.createDatabase(`${name}_${randomUUID().slice(0, 8)}`);
}

function poolOf(connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 4 });
  pool.on('error', () => {
    // The server is being stopped; queries reject with the error.
  });
  return pool;
}

/** The demo counts rows, so its databases must be empty. */
async function checkEmpty(name: DatabaseName, pool: Pool): Promise<void> {
  const { rows } = await pool.query("SELECT FROM pg_tables WHERE schemaname IN ('public', 'db_event')");
  if (rows.length === 0) return;
  throw new Error(`The database of ${name} has ${rows.length} tables; the demo needs an empty one`);
}
