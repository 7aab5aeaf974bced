import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type AppName, AppProcess } from '../../../tools/apps/app-process';
import { LegacyService } from '../../../tools/legacy/legacy-service';
import { addTokens } from '../access/token-file';
import type { AppInstance } from '../apps/app-instance';
import { InProcessApp } from '../apps/in-process-app';
import { logFolder } from '../apps/log-folder';
import { type RunningApps, startApps } from '../apps/running-apps';
import { request } from '../http/http';
import { expectRefused } from '../network/expect-refused';
import { type FreshDatabase } from '../servers/fresh-database';
import { waitFor } from '../waiting/wait-for';

type Service = Exclude<AppName, 'event-manager'>;

const TENANT = 'seagrid';

/** A whole system with one tenant. Its apps can be stopped or killed, and restarted. */
export class ConsoleSystem {
  private readonly restarted = new Map<AppName, AppInstance>();

  private constructor(
    private readonly apps: RunningApps,
    private readonly folder: string,
    readonly tokens: Readonly<Record<'viewer' | 'operator', string>>,
  ) {}

  /** @param asProcesses the apps to run as processes, so that `kill` can be used */
  static async start(asProcesses: readonly AppName[] = []): Promise<ConsoleSystem> {
    const folder = mkdtempSync(join(tmpdir(), 'dbem-console-'));
    const tokensFile = join(folder, 'tokens.json');
    const tokens = await addTokens(tokensFile, ['viewer', 'operator']);
    const env = { AMQP_MANAGEMENT_URL: inject('managementUrl'), ADMIN_TOKENS_FILE: tokensFile };
    const apps = await startApps(['profile', 'sharing', 'registry'], env, { asProcesses });
    const system = new ConsoleSystem(apps, folder, tokens);
    await system.post('/tenants', { gatewayId: TENANT, gatewayName: 'SEAGrid' });
    return system;
  }

  get consoleUrl(): string {
    return `${this.app('event-manager').url}/console`;
  }

  get amqpUrl(): string {
    return this.apps.vhost.amqpUrl;
  }

  app(name: AppName): AppInstance {
    return this.restarted.get(name) ?? this.apps.app(name);
  }

  database(name: Service): FreshDatabase {
    return this.apps.database(name);
  }

  /** Kills an app that runs as a process. Resolves when its port refuses connections. */
  async kill(name: AppName): Promise<void> {
    const process = this.apps.process(name);
    await process.kill();
    await expectRefused(process.port);
  }

  /** Restarts a stopped or killed service, in the test's process. */
  async startService(name: Service): Promise<void> {
    await this.restart(name, await InProcessApp.start(name, this.apps.environmentOf(name)));
  }

  /** Restarts the event manager after `kill`, on the same port. */
  async startManager(): Promise<void> {
    const { port } = this.app('event-manager');
    const env = this.apps.environmentOf('event-manager');
    await this.restart('event-manager', await AppProcess.start({ app: 'event-manager', env, logFolder, port }));
  }

  async createUser(userId: string): Promise<void> {
    const emails = [`${userId}@example.org`];
    await this.post('/users', { userId, gatewayId: TENANT, firstName: 'Ada', lastName: 'Lovelace', emails });
  }

  /** Publishes any message to the managers' exchange, as a legacy service does. */
  async publish(body: Buffer): Promise<void> {
    await new LegacyService(this.amqpUrl).publish(body);
  }

  async admin<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
    token = this.tokens.operator,
  ) {
    return request<Body>(method, `${this.app('event-manager').url}/admin/v1${path}`, { token, body });
  }

  async parkedEvents(): Promise<readonly unknown[]> {
    return (await this.admin<{ items: unknown[] }>('GET', '/parked')).body.items;
  }

  /** Resolves when the users in sharing's replica equal those of profile. */
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
    await Promise.all([...this.restarted.values()].map((app) => app.stop()));
    await this.apps.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async restart(name: AppName, app: AppInstance): Promise<void> {
    this.restarted.set(name, app);
    await app.waitUntilReady();
  }

  private async rowsOf(service: Service, sql: string): Promise<unknown[]> {
    return (await this.database(service).pool.query(sql)).rows;
  }

  private async post(path: string, body: object): Promise<void> {
    const { status, body: answer } = await request('POST', `${this.app('profile').url}${path}`, { body });
    if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(answer)}`);
  }
}
