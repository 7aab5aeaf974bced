import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import { logFolder, type RunningApps, request, startApps, waitFor } from '../support';
import { addTokens } from '../support/access/token-file';
import { EventStreamReader } from '../support/http/event-stream';

const ADMIN_TOKEN = 'the-one-admin-token-of-this-test';

interface Service {
  name: string;
  health: string;
  instances: { id: string; state: string; software: string }[];
  queue?: { messages: number; consumers: number };
}
interface Edge {
  publisher: string;
  subscriber: string;
  state: string;
  outPerS: number;
  depth: number;
  consumers: number;
  lagP99Ms?: number;
  versionsBehind?: number;
}
interface Topology {
  revision: number;
  managers: { id: string; state: string; receivedPerS: number }[];
  services: Service[];
  edges: Edge[];
}
interface Seen {
  entityId: string;
  publisher: string;
  operation: string;
  destinations: string[];
  manager: string;
  version: string;
  entity?: { firstName: string };
}

describe('the live view of the system', () => {
  let apps: RunningApps;
  let other: AppProcess;
  let url: string;
  let tokens: Record<'viewer' | 'operator' | 'passing', string>;
  const folder = mkdtempSync(join(tmpdir(), 'dbem-live-'));
  const tokensFile = join(folder, 'tokens.json');
  const streams: EventStreamReader[] = [];
  let users = 0;

  const call = <Body = Record<string, unknown>>(method: string, path: string, token = ADMIN_TOKEN, body?: object) =>
    request<Body>(method, `${url}${path}`, { token, ...(body !== undefined && { body }) });
  const topology = async () => (await call<Topology>('GET', '/admin/v1/topology')).body;
  const service = async (name: string) => (await topology()).services.find((one) => one.name === name);
  const isEdge = (subscriber: string) => (one: Edge) =>
    one.publisher === 'user.profile' && one.subscriber === subscriber;
  const edge = async (subscriber: string) => (await topology()).edges.find(isEdge(subscriber));

  async function open(path: string, token = ADMIN_TOKEN, at = url): Promise<EventStreamReader> {
    const stream = await EventStreamReader.open(`${at}/admin/v1${path}`, token);
    streams.push(stream);
    return stream;
  }

  async function createUser(): Promise<string> {
    users += 1;
    const user = { userId: `user${users}`, gatewayId: 'seagrid', firstName: 'Ada', lastName: 'L', emails: ['a@b.org'] };
    const { status } = await request('POST', `${apps.app('profile').url}/users`, { body: user });
    expect(status).toBe(201);
    return `user${users}@seagrid`;
  }

  const replicaEqualsSource = async () => {
    const { rows } = await apps.database('sharing').pool.query('SELECT count(*)::int AS count FROM sharing_user');
    return rows[0].count === users;
  };

  beforeAll(async () => {
    tokens = await addTokens(tokensFile, ['viewer', 'operator']).then(async (two) => ({
      ...two,
      passing: await addTokens(tokensFile, ['viewer'], 'passing').then(({ viewer }) => viewer),
    }));
    const env = {
      ADMIN_TOKEN,
      ADMIN_TOKENS_FILE: tokensFile,
      ADMIN_RATE_LIMIT: '100000',
      HEARTBEAT_INTERVAL_MS: '500',
      AMQP_MANAGEMENT_URL: inject('managementUrl'),
    };
    apps = await startApps(['profile', 'sharing'], env, { asProcesses: ['sharing'] });
    url = apps.app('event-manager').url;
    other = await AppProcess.start({
      app: 'event-manager',
      env: { AMQP_URL: apps.vhost.amqpUrl, ZOOKEEPER_CONNECT: apps.root.connectString, ...env },
      logFolder,
    });
    await other.waitUntilReady();
  });

  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
  });

  afterAll(async () => {
    await other?.stop();
    await apps?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says who asks and what he may do', async () => {
    const { body } = await call('GET', '/admin/v1/me', tokens.viewer);
    expect(body).toEqual({ name: 'the viewer', role: 'viewer', provedBy: 'token' });
    expect((await call('GET', '/admin/v1/me', 'a-token-of-nobody')).status).toBe(401);
  });

  it('hears of every service and of every manager how it is', async () => {
    await waitFor(async () => (await service('sharing'))?.health === 'ready');
    await waitFor(async () => (await topology()).managers.length === 2);
    const { managers, services } = await topology();
    for (const manager of managers) expect(manager).toMatchObject({ state: 'ready', software: '0.1.0' });
    expect(services.find(({ name }) => name === 'user.profile')).toMatchObject({
      isPublisher: true,
      health: 'ready',
      instances: [{ state: 'ready', software: '0.1.0' }],
      outbox: { depth: expect.any(Number) },
    });
    await waitFor(async () => (await edge('sharing'))?.versionsBehind !== undefined);
    expect(await edge('sharing')).toMatchObject({ state: 'flowing', consumers: 1, parked: 0 });
  });

  it('tells a listener what there is, and then what changes', async () => {
    const stream = await open('/live', tokens.viewer);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    const first = await stream.next<Topology>(({ event }) => event === 'topology');
    expect(first.data.edges.some(isEdge('sharing'))).toBe(true);
    expect(first.data.edges.some(isEdge('newcomer'))).toBe(false);
    const put = await call('PUT', '/admin/v1/subscriptions/user.profile/newcomer', tokens.operator, {});
    expect(put.status).toBe(201);
    const added = await stream.next<Topology>(
      ({ event, data }) =>
        event === 'changes' && (data.edges ?? []).some((one) => isEdge('newcomer')(one) && one.state === 'silent'),
    );
    expect(added.data.revision).toBeGreaterThan(first.data.revision);
    expect((await call('DELETE', '/admin/v1/subscriptions/user.profile/newcomer', tokens.operator)).status).toBe(204);
    await stream.next<{ removedEdges?: object[] }>(({ data }) =>
      (data.removedEdges ?? []).some((key) => isEdge('newcomer')(key as Edge)),
    );
    await waitFor(() => stream.comments > 0);
  });

  it('shows what flows, now and over the last hour', async () => {
    await waitFor(async () => {
      await createUser();
      const flowing = await edge('sharing');
      return flowing !== undefined && flowing.outPerS > 0 && flowing.lagP99Ms !== undefined;
    });
    await waitFor(replicaEqualsSource);
    await waitFor(
      async () => {
        const path = '/admin/v1/flow?publisher=user.profile&subscriber=sharing&minutes=5';
        const { body } = await call<Record<string, (number | null)[]>>('GET', path, tokens.viewer);
        expect(body.at).toHaveLength(60);
        return ['inPerS', 'outPerS', 'lagP50Ms', 'lagP99Ms'].every((name) => body[name]?.some((value) => value));
      },
      { timeoutMs: 90_000 },
    );
    const { body: total } = await call<Record<string, (number | null)[]>>('GET', '/admin/v1/flow');
    expect(total.inPerS?.some((value) => (value ?? 0) > 0)).toBe(true);
    expect((await call('GET', '/admin/v1/flow?minutes=61')).status).toBe(400);
  });

  it('sees a subscriber die, its events wait, and its return', async () => {
    const stream = await open('/live');
    await apps.process('sharing').kill();
    await stream.next<Topology>(({ data }) =>
      (data.edges ?? []).some((one) => isEdge('sharing')(one) && one.state === 'silent'),
    );
    for (let count = 0; count < 10; count += 1) await createUser();
    await stream.next<Topology>(({ data }) =>
      (data.edges ?? []).some((one) => isEdge('sharing')(one) && one.depth >= 10),
    );
    await stream.next<Topology>(({ data }) =>
      (data.services ?? []).some(({ name, health }) => name === 'sharing' && health === 'gone'),
    );
    const again = await AppProcess.start({
      app: 'sharing',
      env: { AMQP_URL: apps.vhost.amqpUrl, DATABASE_URL: apps.database('sharing').url },
      logFolder,
    });
    try {
      await waitFor(async () => {
        const { state, depth } = (await edge('sharing')) ?? {};
        return state === 'flowing' && depth === 0 && (await service('sharing'))?.health === 'ready';
      });
      expect((await service('sharing'))?.instances.map(({ state }) => state).sort()).toEqual(['gone', 'ready']);
      await waitFor(replicaEqualsSource);
    } finally {
      await again.stop();
    }
    // It took its leave: nobody waits for it, and only the one that was killed is still missed.
    await waitFor(async () => (await service('sharing'))?.instances.every(({ state }) => state === 'gone'));
  });

  it('lets nobody listen without a right to it, and no longer than that lasts', async () => {
    expect((await open('/live', 'a-token-of-nobody')).response.status).toBe(401);
    const stream = await open('/live', tokens.passing);
    await stream.next(({ event }) => event === 'topology');
    const args = ['--import', 'tsx', 'tools/token.ts', '--revoke', 'the passing viewer', '--file', tokensFile];
    await promisify(execFile)(process.execPath, args);
    const { data } = await stream.next(({ event }) => event === 'end');
    expect(data).toEqual({ reason: 'unauthorized' });
    await waitFor(() => stream.isOver);
  });

  it('lets so many listen and no more', async () => {
    const opened = await Promise.all(Array.from({ length: 50 }, () => open('/live')));
    expect(opened.every(({ response }) => response.ok)).toBe(true);
    const refused = await call('GET', '/admin/v1/live');
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ code: 'STREAMS_EXHAUSTED' });
    expect(refused.headers.get('retry-after')).toBe('1');
    opened[0]?.close();
    await waitFor(async () => {
      const stream = await open('/live');
      return stream.response.ok;
    });
  });

  describe('the tail', () => {
    it('shows a viewer which entities change, and an operator what they become', async () => {
      const [viewer, operator] = await Promise.all([
        open('/events/tail', tokens.viewer),
        open('/events/tail?content=true', tokens.operator),
      ]);
      expect((await open('/events/tail?content=true', tokens.viewer)).response.status).toBe(403);
      const id = await waitForEventIn(viewer);
      const { data: plain } = await viewer.next<Seen>(({ data }) => data.entityId === id);
      expect(plain).toMatchObject({ publisher: 'user.profile', entityType: 'USER_PROFILE', operation: 'CREATE' });
      expect(plain.destinations).toEqual(['sharing']);
      expect(BigInt(plain.version)).toBeGreaterThan(0n);
      expect(plain).not.toHaveProperty('entity');
      const { data: full } = await operator.next<Seen>(({ data }) => data.entity !== undefined);
      expect(full.entity).toMatchObject({ firstName: 'Ada' });
      expect(viewer.events.every(({ data }) => data['entity'] === undefined)).toBe(true);
    });

    it('shows what fits the filter and nothing else, whichever manager sends it on', async () => {
      const [wanted, nothing] = await Promise.all([
        open('/events/tail?publisher=user.profile&entityType=USER_PROFILE&operation=CREATE&subscriber=sharing'),
        open('/events/tail?publisher=user'),
      ]);
      const managers = () => new Set(wanted.events.map(({ data }) => data['manager']));
      await waitFor(async () => {
        await createUser();
        return managers().size === 2;
      });
      expect(nothing.events).toEqual([]);
      const id = `user${users + 20}@seagrid`;
      const one = await open(`/events/tail?entityId=${encodeURIComponent(id)}`);
      await waitFor(async () => (await createUser()) === id);
      await waitFor(() => one.events.length > 0);
      expect(one.events.map(({ data }) => data['entityId'])).toEqual([id]);
      expect((await open('/events/tail?operation=ALTER')).response.status).toBe(400);
    });

    /** A watch counts at the other manager a moment later: until then some events are not seen. */
    async function waitForEventIn(stream: EventStreamReader): Promise<string> {
      await waitFor(async () => {
        await createUser();
        return stream.events.length > 0;
      });
      return String(stream.events[0]?.data['entityId']);
    }
  });

  it('reports managers, broker and ZooKeeper with their versions, and the instances of services', async () => {
    const { status, body } = await call('GET', '/admin/v1/cluster', tokens.viewer);
    expect(status).toBe(200);
    const manager = { state: 'ready', host: expect.any(String), pid: expect.any(Number), software: '0.1.0' };
    expect(body).toMatchObject({
      managers: [manager, manager],
      broker: {
        isConnected: true,
        product: 'RabbitMQ',
        version: expect.stringMatching(/^\d/),
        nodes: [{ isRunning: true, alarms: [] }],
      },
      zooKeeper: { state: 'ready', servers: [{ version: expect.stringMatching(/^\d/), mode: 'standalone' }] },
    });
    expect((body['managers'] as { isSelf: boolean }[]).filter(({ isSelf }) => isSelf)).toHaveLength(1);
    const services = body['services'] as { service: string }[];
    expect(services.map((one) => one.service)).toContain('user.profile');
  });

  it('forgets a manager that stops', async () => {
    await other.stop();
    await waitFor(async () => (await topology()).managers.length === 1);
  });

  it('gives the console to everybody, and data to nobody with it', async () => {
    const config = await request('GET', `${url}/console/config.json`);
    expect(config.status).toBe(200);
    expect(config.body).toEqual({ software: '0.1.0' });
    const { status, headers, body } = await request('GET', `${url}/console/parked`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    // Whether it has been built here or not.
    if (status === 404) expect(body).toMatchObject({ code: 'CONSOLE_NOT_BUILT' });
    else expect(status).toBe(200);
  });
});
