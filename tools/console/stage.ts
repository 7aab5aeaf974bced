import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { type AppName, AppProcess } from '../apps/app-process';
import { type Servers, startServers } from '../servers/servers';

type Service = Exclude<AppName, 'event-manager'>;

/** A system on its own servers for screenshots: two event managers, profile, sharing and registry. */
export class Stage {
  readonly token = randomBytes(18).toString('base64url');
  private readonly apps = new Map<string, AppProcess>();
  private readonly databaseUrls = new Map<Service, string>();

  private constructor(private readonly servers: Servers) {}

  static async start(log: (line: string) => void): Promise<Stage> {
    const stage = new Stage(await startServers({ purpose: 'console', print: log }));
    await stage.startApp('event-manager');
    await stage.startApp('event-manager', 'second');
    await Promise.all((['profile', 'sharing', 'registry'] as const).map((app) => stage.startApp(app)));
    return stage;
  }

  get amqpUrl(): string {
    return this.servers.amqpUrl;
  }

  /** @param name distinguishes a further instance of the same app. */
  async startApp(app: AppName, name: string = app): Promise<AppProcess> {
    const process = await AppProcess.start({ app, env: await this.environmentOf(app), logFolder: this.servers.folder });
    this.apps.set(name, process);
    await process.waitUntilReady();
    return process;
  }

  app(name: string): AppProcess {
    const app = this.apps.get(name);
    if (app === undefined) throw new Error(`"${name}" has not been started`);
    return app;
  }

  pool(app: Service): Pool {
    return new Pool({ connectionString: this.databaseUrls.get(app) ?? '', max: 2 });
  }

  /** Sends a request to the admin API. */
  async admin<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.app('event-manager').url}/admin/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.apps.values()].map((app) => app.stop()));
    await this.servers.stop();
  }

  private async environmentOf(app: AppName): Promise<Record<string, string>> {
    const { amqpUrl, managementUrl, zooKeeperConnect, postgres } = this.servers;
    if (app === 'event-manager') {
      return {
        AMQP_URL: amqpUrl,
        ZOOKEEPER_CONNECT: zooKeeperConnect,
        ADMIN_TOKEN: this.token,
        ...(managementUrl !== undefined && { AMQP_MANAGEMENT_URL: managementUrl }),
      };
    }
    const url = this.databaseUrls.get(app) ?? (await postgres?.createDatabase(`console_${app}`));
    if (url === undefined)
      throw new Error(
        'Screenshots use their own PostgreSQL server: unset PROFILE_DATABASE_URL and the other database URLs',
      );
    this.databaseUrls.set(app, url);
    return { AMQP_URL: amqpUrl, DATABASE_URL: url };
  }
}
