import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Edge, EdgeKey, ServiceNode, Topology } from '@dbem/observation';
import { inject } from 'vitest';
import { addTokens } from '../access/token-file';
import type { AppInstance } from '../apps/app-instance';
import { InProcessApp } from '../apps/in-process-app';
import { type RunningApps, startApps } from '../apps/running-apps';
import { EventStreamReader } from '../http/event-stream';
import { type Answer, request } from '../http/http';

const ADMIN_TOKEN = 'the-one-admin-token-of-this-system';

/** profile, sharing (in a separate process) and two event managers, with the streams that a test opens. */
export class LiveSystem {
  private readonly streams: EventStreamReader[] = [];
  private users = 0;

  private constructor(
    readonly apps: RunningApps,
    /** The second event manager; streams are opened at the first by default. */
    readonly other: AppInstance,
    /** `passing` is a viewer's token that a test may revoke. */
    readonly tokens: Readonly<Record<'viewer' | 'operator' | 'passing', string>>,
    private readonly folder: string,
  ) {}

  static async start(): Promise<LiveSystem> {
    const folder = mkdtempSync(join(tmpdir(), 'dbem-live-'));
    const tokensFile = tokensFileIn(folder);
    const tokens = await addTokens(tokensFile, ['viewer', 'operator']);
    const { viewer: passing } = await addTokens(tokensFile, ['viewer'], 'passing');
    const env = {
      ADMIN_TOKEN,
      ADMIN_TOKENS_FILE: tokensFile,
      HEARTBEAT_INTERVAL_MS: '500',
      AMQP_MANAGEMENT_URL: inject('managementUrl'),
    };
    const apps = await startApps(['profile', 'sharing'], env, { asProcesses: ['sharing'] });
    const other = await InProcessApp.start('event-manager', apps.environmentOf('event-manager'));
    await other.waitUntilReady();
    return new LiveSystem(apps, other, { ...tokens, passing }, folder);
  }

  get url(): string {
    return this.apps.app('event-manager').url;
  }

  get tokensFile(): string {
    return tokensFileIn(this.folder);
  }

  /** Calls the first event manager's admin API. */
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    token = ADMIN_TOKEN,
    body?: object,
  ): Promise<Answer<Body>> {
    return request<Body>(method, `${this.url}/admin/v1${path}`, { token, ...(body !== undefined && { body }) });
  }

  async topology(): Promise<Topology> {
    return (await this.call<Topology>('GET', '/topology')).body;
  }

  async service(name: string): Promise<ServiceNode | undefined> {
    return (await this.topology()).services.find((service) => service.name === name);
  }

  /** The edge from profile to this subscriber. */
  async edge(subscriber: string): Promise<Edge | undefined> {
    return (await this.topology()).edges.find(isEdgeTo(subscriber));
  }

  /** Opens a stream; `closeStreams` closes it. @throws Error if it is rejected */
  async open(path: string, token = ADMIN_TOKEN, managerUrl = this.url): Promise<EventStreamReader> {
    const stream = await EventStreamReader.open(`${managerUrl}/admin/v1${path}`, token);
    this.streams.push(stream);
    return stream;
  }

  /** The status with which the manager opens or rejects a stream. */
  statusOf(path: string, token = ADMIN_TOKEN, managerUrl = this.url): Promise<number> {
    return EventStreamReader.statusOf(`${managerUrl}/admin/v1${path}`, token);
  }

  closeStreams(): void {
    for (const stream of this.streams.splice(0)) stream.close();
  }

  /** @returns the user's entity id */
  async createUser(): Promise<string> {
    this.users += 1;
    const userId = `user${this.users}`;
    await this.write('POST', '/users', { userId, gatewayId: 'seagrid', ...NAMES });
    return `${userId}@seagrid`;
  }

  async updateUser(entityId: string): Promise<void> {
    await this.write('PUT', `/users/seagrid/${entityId.split('@')[0]}`, NAMES);
  }

  async replicaEqualsSource(): Promise<boolean> {
    const { rows } = await this.apps.database('sharing').pool.query('SELECT count(*)::int AS count FROM sharing_user');
    return rows[0].count === this.users;
  }

  async stop(): Promise<void> {
    this.closeStreams();
    await this.other.stop();
    await this.apps.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async write(method: string, path: string, body: object): Promise<void> {
    const { status } = await request(method, `${this.apps.app('profile').url}${path}`, { body });
    if (status >= 300) throw new Error(`${method} ${path} failed with status ${status}`);
  }
}

const NAMES = { firstName: 'Ada', lastName: 'L', emails: ['a@b.org'] };

function tokensFileIn(folder: string): string {
  return join(folder, 'tokens.json');
}

/** Whether an edge goes from profile to this subscriber. */
export function isEdgeTo(subscriber: string): (edge: EdgeKey) => boolean {
  return (edge) => edge.publisher === 'user.profile' && edge.subscriber === subscriber;
}
