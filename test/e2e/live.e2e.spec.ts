import type { Edge, FlowColumns, TappedEvent, Topology, TopologyChanges } from '@dbem/observation';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../apps/event-manager/src/cluster/cluster';
import { AppProcess } from '../../tools/apps/app-process';
import { revokeToken } from '../support/access/revoke-token';
import { logFolder } from '../support/apps/log-folder';
import type { EventStreamReader } from '../support/http/event-stream';
import { request } from '../support/http/http';
import { isEdgeTo, LiveSystem } from '../support/live/live-system';
import { waitFor } from '../support/waiting/wait-for';

/** A manager's limit of concurrent streams. */
const MAX_STREAMS = 50;

/** The events in a tail stream so far. */
function tappedEventsOf(tail: EventStreamReader): TappedEvent[] {
  return tail.dataOf<TappedEvent>('event');
}

describe('The live view of the system', () => {
  let system: LiveSystem;

  beforeAll(async () => {
    system = await LiveSystem.start();
  });

  afterEach(() => {
    system?.closeStreams();
  });

  afterAll(async () => {
    await system?.stop();
  });

  /** The first changes in the stream with an edge from profile to this subscriber that matches. */
  const edgeIn = (stream: EventStreamReader, subscriber: string, matches: (edge: Edge) => boolean) =>
    stream.next<TopologyChanges>(
      ({ event, data }) =>
        event === 'changes' && (data.edges ?? []).some((edge) => isEdgeTo(subscriber)(edge) && matches(edge)),
    );

  it('The admin API returns the caller’s name, role and kind of credential for /me', async () => {
    const { body } = await system.call('GET', '/me', system.tokens.viewer);
    expect(body).toEqual({ name: 'the viewer', role: 'viewer', provedBy: 'token' });
    expect((await system.call('GET', '/me', 'an-unknown-token')).status).toBe(401);
  });

  it('The topology shows the health of every service and of every event manager', async () => {
    await waitFor(async () => (await system.service('sharing'))?.health === 'ready');
    const { managers, services } = await waitFor(async () => {
      const topology = await system.topology();
      return topology.managers.length === 2 && topology.managers.every(({ state }) => state === 'ready') && topology;
    });
    for (const manager of managers) expect(manager).toMatchObject({ state: 'ready', software: '0.1.0' });
    expect(services.find(({ name }) => name === 'user.profile')).toMatchObject({
      isPublisher: true,
      health: 'ready',
      instances: [{ state: 'ready', software: '0.1.0' }],
      outbox: { depth: expect.any(Number) },
    });
    const edge = await waitFor(async () => {
      const found = await system.edge('sharing');
      return found?.state === 'flowing' && found.versionsBehind !== undefined && found;
    });
    expect(edge).toMatchObject({ consumers: 1, parked: 0 });
  });

  it('The live stream sends the topology first, and then each change of it', async () => {
    const { viewer, operator } = system.tokens;
    const stream = await system.open('/live', viewer);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    const first = await stream.next<Topology>(({ event }) => event === 'topology');
    expect(first.data.edges.some(isEdgeTo('sharing'))).toBe(true);
    expect(first.data.edges.some(isEdgeTo('newcomer'))).toBe(false);
    const subscription = '/subscriptions/user.profile/newcomer';
    expect((await system.call('PUT', subscription, operator, {})).status).toBe(201);
    const added = await edgeIn(stream, 'newcomer', ({ state }) => state === 'unconsumed');
    expect(added.data.revision).toBeGreaterThan(first.data.revision);
    expect((await system.call('DELETE', subscription, operator)).status).toBe(204);
    await stream.next<TopologyChanges>(({ data }) => (data.removedEdges ?? []).some(isEdgeTo('newcomer')));
    await waitFor(() => stream.comments > 0);
  });

  it('The flow contains the rates and lags of a subscription, now and over the last hour', async () => {
    const { viewer } = system.tokens;
    await waitFor(async () => {
      await system.createUser();
      const flowing = await system.edge('sharing');
      return flowing !== undefined && flowing.outPerS > 0 && flowing.lagP99Ms !== undefined;
    });
    await waitFor(() => system.replicaEqualsSource());
    await waitFor(
      async () => {
        const path = '/flow?publisher=user.profile&subscriber=sharing&minutes=5';
        const { body } = await system.call<FlowColumns>('GET', path, viewer);
        expect(body.at).toHaveLength(60);
        const columns = [body.inPerS, body.outPerS, body.lagP50Ms, body.lagP99Ms];
        return columns.every((column) => column.some((value) => value));
      },
      { timeoutMs: 90_000 },
    );
    const { body: total } = await system.call<FlowColumns>('GET', '/flow');
    expect(total.inPerS.some((value) => (value ?? 0) > 0)).toBe(true);
    expect((await system.call('GET', '/flow?minutes=61')).status).toBe(400);
  });

  it('A killed subscriber is reported as gone while its events wait, and as ready after its restart', async () => {
    const { apps } = system;
    const stream = await system.open('/live');
    const killed = apps.process('sharing');
    await killed.kill();
    expect(killed.isRunning).toBe(false);
    await edgeIn(stream, 'sharing', ({ state }) => state === 'unconsumed');
    for (let count = 0; count < 10; count += 1) await system.createUser();
    await edgeIn(stream, 'sharing', ({ depth }) => depth >= 10);
    await stream.next<TopologyChanges>(({ data }) =>
      (data.services ?? []).some(({ name, health }) => name === 'sharing' && health === 'gone'),
    );
    const env = apps.environmentOf('sharing');
    const again = await AppProcess.start({ app: 'sharing', env, logFolder });
    try {
      await waitFor(async () => {
        const { state, depth } = (await system.edge('sharing')) ?? {};
        return state === 'flowing' && depth === 0 && (await system.service('sharing'))?.health === 'ready';
      });
      const { instances = [] } = (await system.service('sharing')) ?? {};
      expect(instances.map(({ state }) => state).sort()).toEqual(['gone', 'ready']);
      await waitFor(() => system.replicaEqualsSource());
    } finally {
      await again.stop();
    }
    // It reported its shutdown, so only the killed instance is still listed.
    await waitFor(async () => (await system.service('sharing'))?.instances.every(({ state }) => state === 'gone'));
  });

  it('The live stream is rejected without a valid token, and ends when its token is revoked', async () => {
    const { passing } = system.tokens;
    expect(await system.statusOf('/live', 'an-unknown-token')).toBe(401);
    const stream = await system.open('/live', passing);
    await stream.next(({ event }) => event === 'topology');
    revokeToken(system.tokensFile, 'the passing viewer');
    await waitFor(async () => (await system.call('GET', '/me', passing)).status === 401);
    const { data } = await stream.next(({ event }) => event === 'end');
    expect(data).toEqual({ reason: 'unauthorized' });
    await waitFor(() => stream.isEnded);
  });

  it('A manager accepts 50 concurrent streams and rejects more until one of them is closed', async () => {
    // At the other manager, where no other test opens streams that might still be closing.
    const { url } = system.other;
    const opened = await Promise.all(
      Array.from({ length: MAX_STREAMS }, () => system.open('/live', system.tokens.viewer, url)),
    );
    const refused = await request('GET', `${url}/admin/v1/live`, { token: system.tokens.viewer });
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ code: 'STREAMS_EXHAUSTED' });
    expect(refused.headers.get('retry-after')).toBe('1');
    opened[0]?.close();
    await waitFor(async () => (await system.statusOf('/live', system.tokens.viewer, url)) === 200);
  });

  it('The tail shows a viewer which entities change, and an operator their content as well', async () => {
    const { viewer: viewersToken, operator: operatorsToken } = system.tokens;
    const [viewer, operator] = await Promise.all([
      system.open('/events/tail', viewersToken),
      system.open('/events/tail?content=true', operatorsToken),
    ]);
    expect(await system.statusOf('/events/tail?content=true', viewersToken)).toBe(403);
    // The other manager is notified of a viewer with a delay, and sends no events before that.
    await waitFor(async () => {
      await system.createUser();
      return [viewer, operator].every((tail) => tappedEventsOf(tail).length > 0);
    });
    const [[plain], [full]] = [tappedEventsOf(viewer), tappedEventsOf(operator)];
    expect(plain).toMatchObject({ publisher: 'user.profile', entityType: 'USER_PROFILE', operation: 'CREATE' });
    expect(plain?.entityId).toMatch(/^user\d+@seagrid$/);
    expect(plain?.destinations).toEqual(['sharing']);
    expect(BigInt(plain?.version ?? 0)).toBeGreaterThan(0n);
    expect(full?.entity).toMatchObject({ firstName: 'Ada' });
    expect(tappedEventsOf(viewer).every(({ entity }) => entity === undefined)).toBe(true);
  });

  it('The tail shows the events that match its filter and no others, from every manager', async () => {
    const [matching, nothing] = await Promise.all([
      system.open('/events/tail?publisher=user.profile&entityType=USER_PROFILE&operation=CREATE&subscriber=sharing'),
      system.open('/events/tail?publisher=user'),
    ]);
    await waitFor(async () => {
      await system.createUser();
      return new Set(tappedEventsOf(matching).map(({ manager }) => manager)).size === 2;
    });
    expect(nothing.events).toEqual([]);
    const id = await system.createUser();
    const one = await system.open(`/events/tail?entityId=${encodeURIComponent(id)}`);
    await waitFor(async () => {
      await Promise.all([system.createUser(), system.updateUser(id)]);
      return tappedEventsOf(one).length > 0;
    });
    expect(new Set(tappedEventsOf(one).map(({ entityId }) => entityId))).toEqual(new Set([id]));
    const versions = tappedEventsOf(one).map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)]);
    expect(await system.statusOf('/events/tail?operation=ALTER')).toBe(400);
  });

  it('The cluster report names managers, broker and ZooKeeper with their versions, and the instances of services', async () => {
    const { status, body } = await system.call<Cluster>('GET', '/cluster', system.tokens.viewer);
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
    expect(body.managers.filter(({ isSelf }) => isSelf)).toHaveLength(1);
    expect(body.services.map(({ service }) => service)).toContain('user.profile');
  });

  it('A manager that stops is removed from the topology', async () => {
    await system.other.stop();
    await waitFor(async () => (await system.topology()).managers.length === 1);
  });

  it('The console is served without a token and contains no data', async () => {
    const config = await request('GET', `${system.url}/console/config.json`);
    expect(config.status).toBe(200);
    expect(config.body).toEqual({ software: '0.1.0' });
    const { status, headers } = await request('GET', `${system.url}/console/parked`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(status).toBe(200);
  });
});
