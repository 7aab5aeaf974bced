import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { OldService } from '../../../demo/story/old-service';
import { type AppName, AppProcess } from '../../../tools/apps/app-process';
import {
  type FreshDatabase,
  type FreshVhost,
  type FreshZooKeeperRoot,
  freshDatabase,
  freshVhost,
  freshZooKeeperRoot,
  logFolder,
  request,
  waitFor,
} from '..';
import { addTokens } from '../access/token-file';

type Service = Exclude<AppName, 'event-manager'>;

const SERVICES: readonly Service[] = ['profile', 'sharing', 'registry'];
const TENANT = 'seagrid';

/** The whole system as a person on call finds it, on servers of its own; apps can be killed and started again. */
export class ConsoleSystem {
  private readonly apps = new Map<AppName, AppProcess>();

  private constructor(
    readonly vhost: FreshVhost,
    private readonly root: FreshZooKeeperRoot,
    private readonly databases: ReadonlyMap<Service, FreshDatabase>,
    private readonly folder: string,
    readonly tokens: Readonly<Record<'viewer' | 'operator', string>>,
  ) {}

  static async start(): Promise<ConsoleSystem> {
    const folder = mkdtempSync(join(tmpdir(), 'dbem-console-'));
    const tokens = await addTokens(join(folder, 'tokens.json'), ['viewer', 'operator']);
    const [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    const databases = new Map<Service, FreshDatabase>();
    for (const service of SERVICES) databases.set(service, await freshDatabase());
    const system = new ConsoleSystem(vhost, root, databases, folder, tokens);
    await Promise.all((['event-manager', ...SERVICES] as const).map((app) => system.startApp(app)));
    await system.post('/tenants', { gatewayId: TENANT, gatewayName: 'SEAGrid' });
    return system;
  }

  get consoleUrl(): string {
    return `${this.app('event-manager').url}/console`;
  }

  app(name: AppName): AppProcess {
    const app = this.apps.get(name);
    if (app === undefined) throw new Error(`${name} was not started`);
    return app;
  }

  database(name: Service): FreshDatabase {
    const database = this.databases.get(name);
    if (database === undefined) throw new Error(`${name} has no database`);
    return database;
  }

  /** For the first time, or again after `kill` or `stop`. */
  async startApp(app: AppName, port?: number): Promise<void> {
    const process = await AppProcess.start({ app, env: this.environmentOf(app), logFolder, port });
    this.apps.set(app, process);
    await process.waitUntilReady();
  }

  async createUser(userId: string): Promise<void> {
    const emails = [`${userId}@example.org`];
    await this.post('/users', { userId, gatewayId: TENANT, firstName: 'Ada', lastName: 'Lovelace', emails });
  }

  /** As an old publisher does: to the managers' exchange, whatever it is. */
  async publish(body: Buffer): Promise<void> {
    await new OldService(this.vhost.amqpUrl).publish(body);
  }

  async admin<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
    token = this.tokens.operator,
  ) {
    return request<Body>(method, `${this.app('event-manager').url}/admin/v1${path}`, { token, body });
  }

  /** Users as profile has them, and as sharing's replica does, are the same. */
  async waitUntilEqual(): Promise<void> {
    await waitFor(async () => {
      const [source, replica] = await Promise.all([
        this.rowsOf('profile', "SELECT user_id || '@' || gateway_id AS id, first_name FROM profile_user ORDER BY 1"),
        this.rowsOf('sharing', 'SELECT user_id AS id, first_name FROM sharing_user ORDER BY 1'),
      ]);
      return source.length > 0 && JSON.stringify(source) === JSON.stringify(replica);
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.apps.values()].map((app) => app.stop()));
    const databases = [...this.databases.values()].map((database) => database.drop());
    await Promise.all([this.vhost.drop(), this.root.drop(), ...databases]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async rowsOf(service: Service, sql: string): Promise<unknown[]> {
    return (await this.database(service).pool.query(sql)).rows;
  }

  private async post(path: string, body: object): Promise<void> {
    const { status, body: answer } = await request('POST', `${this.app('profile').url}${path}`, { body });
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(answer)}`);
  }

  private environmentOf(app: AppName): Record<string, string> {
    const common = { AMQP_URL: this.vhost.amqpUrl };
    if (app !== 'event-manager') return { ...common, DATABASE_URL: this.database(app).url };
    return {
      ...common,
      AMQP_MANAGEMENT_URL: inject('managementUrl'),
      ZOOKEEPER_CONNECT: this.root.connectString,
      ADMIN_TOKENS_FILE: join(this.folder, 'tokens.json'),
      ADMIN_RATE_LIMIT: '100000',
    };
  }
}
