import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApps, request, startApps, waitFor } from '../support';
import { EventStreamReader } from '../support/event-stream';
import { addTokens } from '../support/token-file';

const ADMIN_TOKEN = 'the-one-admin-token-of-this-test';

interface Node {
  name: string;
  health: string;
  instances: { id: string; state: string; software: string }[];
  queue?: { messages: number; consumers: number };
  outbox?: { depth: number };
}
interface Edge {
  publisher: string;
  subscriber: string;
  state: string;
  also?: string[];
  depth: number;
  consumers: number;
  lastLagMs?: number;
  versionsBehind?: number;
}
interface Topology {
  revision: number;
  managers: { id: string; state: string; receivedPerS: number }[];
  services: Node[];
  edges: Edge[];
}

describe('the live view of the system', () => {
  let apps: RunningApps;
  let url: string;
  const folder = mkdtempSync(join(tmpdir(), 'dbem-live-'));
  let tokens: Record<'viewer' | 'operator', string>;

  const get = <Body>(path: string, token = ADMIN_TOKEN) => request<Body>('GET', `${url}/admin/v1${path}`, { token });
  const topology = async () => (await get<Topology>('/topology')).body;
  const service = async (name: string) => (await topology()).services.find((node) => node.name === name);
  const edge = async (subscriber: string) =>
    (await topology()).edges.find((one) => one.publisher === 'user.profile' && one.subscriber === subscriber);
  const createUser = (userId: string) =>
    request('POST', `${apps.app('profile').url}/users`, {
      body: { userId, gatewayId: 'seagrid', firstName: 'Ada', lastName: 'L', emails: ['a@example.org'] },
    });

  beforeAll(async () => {
    const file = join(folder, 'tokens.json');
    tokens = await addTokens(file, ['viewer', 'operator']);
    apps = await startApps(['profile', 'sharing'], {
      ADMIN_TOKEN,
      ADMIN_TOKENS_FILE: file,
      ADMIN_RATE_LIMIT: '100000',
      HEARTBEAT_INTERVAL_MS: '500',
    });
    url = apps.app('event-manager').url;
  });

  afterAll(async () => {
    await apps?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says who asks and what he may do', async () => {
    expect((await get('/me', tokens.viewer)).body).toEqual({ name: 'the viewer', role: 'viewer', provedBy: 'token' });
    expect((await get('/me', 'a-token-of-nobody')).status).toBe(401);
  });

  it('hears of every service how it is', async () => {
    await waitFor(async () => (await service('sharing'))?.health === 'ready', { timeoutMs: 60_000 });
    const { managers, services } = await topology();
    expect(managers).toMatchObject([{ state: 'ready', software: '0.1.0' }]);
    expect(services.find(({ name }) => name === 'user.profile')).toMatchObject({
      isPublisher: true,
      health: 'ready',
      instances: [{ state: 'ready', software: '0.1.0' }],
      outbox: { depth: 0 },
    });
    await waitFor(async () => (await edge('sharing'))?.versionsBehind !== undefined, { timeoutMs: 60_000 });
    expect(await edge('sharing')).toMatchObject({ state: 'flowing', consumers: 1, parked: 0 });
  });
});
