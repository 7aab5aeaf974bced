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

/** The whole system as a person on call finds it, with a tenant; apps can be stopped or killed, and started again. */
export class ConsoleSystem {
  /** Apps that were started again. */
  private readonly restarted = new Map<AppName, AppInstance>();

  private constructor(
    private readonly apps: RunningApps,
    private readonly folder: string,
    readonly tokens: Readonly<Record<'viewer' | 'operator', string>>,
  ) {}

  /** @param asProcesses the apps that will be killed */
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

  /** Kills an app with a process of its own. Resolves when it is gone and its port refuses connections. */
  async kill(name: AppName): Promise<void> {
    const process = this.apps.process(name);
    await process.kill();
    await expectRefused(process.port);
  }

  /** Starts a service again that was stopped or killed, in the test's process. */
  async startService(name: Service): Promise<void> {
    await this.startAgain(name, await InProcessApp.start(name, this.apps.environmentOf(name)));
  }

  /** Starts the event manager again after `kill`, at its port. */
  async startManager(): Promise<void> {
    const { port } = this.app('event-manager');
    const env = this.apps.environmentOf('event-manager');
    await this.startAgain('event-manager', await AppProcess.start({ app: 'event-manager', env, logFolder, port }));
  }

  async createUser(userId: string): Promise<void> {
    const emails = [`${userId}@example.org`];
    await this.post('/users', { userId, gatewayId: TENANT, firstName: 'Ada', lastName: 'Lovelace', emails });
  }

  /** As a legacy publisher does: to the managers' exchange, whatever it is. */
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
    await Promise.all([...this.restarted.values()].map((app) => app.stop()));
    await this.apps.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startAgain(name: AppName, app: AppInstance): Promise<void> {
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
