import { ZooKeeperSubscriptionRegistry, type ZooKeeperSubscriptionRegistryOptions } from '@dbem/subscription-registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeMember, encodeSubscriptionNode, memberPath } from '../../libs/subscription-registry/src/testing';
import { expectRefused } from '../support/network/expect-refused';
import { TcpProxy } from '../support/network/tcp-proxy';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';

const SHARING = { publisher: 'user.profile', subscriber: 'sharing' };

/** For tests in which the session expires. */
const SHORT = { sessionTimeoutMs: 1_500 };

describe('ZooKeeperSubscriptionRegistry', () => {
  let root: FreshZooKeeperRoot;
  let proxy: TcpProxy;
  const registries: ZooKeeperSubscriptionRegistry[] = [];

  beforeEach(async () => {
    root = await freshZooKeeperRoot();
    const [address = ''] = root.connectString.split('/');
    const [host = '', port] = address.split(':');
    proxy = await TcpProxy.start({ host, port: Number(port) });
  });

  afterEach(async () => {
    await Promise.all(registries.splice(0).map((registry) => registry.stop()));
    await proxy.stop();
    await root.drop();
  });

  type Options = Partial<ZooKeeperSubscriptionRegistryOptions>;

  async function start(options: Options = {}): Promise<ZooKeeperSubscriptionRegistry> {
    const [, chroot] = root.connectString.split('/');
    const connectString = `127.0.0.1:${proxy.port}/${chroot}`;
    const registry = new ZooKeeperSubscriptionRegistry({ connectString, rolloutTimeoutMs: 60_000, ...options });
    registries.push(registry);
    await registry.start();
    return registry;
  }

  async function ready(options?: Options): Promise<ZooKeeperSubscriptionRegistry> {
    const registry = await start(options);
    await registry.loaded();
    return registry;
  }

  const write = (path: string, data: string | Buffer) =>
    new Promise<void>((resolve, reject) => {
      root.client.mkdirp(path, Buffer.from(data), (error) => (error ? reject(error) : resolve()));
    });
  const remove = (path: string) =>
    new Promise<void>((resolve, reject) => {
      root.client.remove(path, (error) => (error ? reject(error) : resolve()));
    });
  const read = (path: string) =>
    new Promise<string>((resolve, reject) => {
      root.client.getData(path, (error, data) => (error ? reject(error) : resolve(data.toString())));
    });
  const children = (path: string) =>
    new Promise<string[]>((resolve, reject) => {
      root.client.getChildren(path, (error, names) => (error ? reject(error) : resolve(names)));
    });

  it('The map has the same node layout as a legacy manager’s map', async () => {
    const registry = await ready();
    await registry.put(SHARING);
    await registry.put({ publisher: 'user.profile', subscriber: 'registry', entityTypes: ['TENANT'] });
    expect(await children('/db-event-mgr')).toEqual(['user.profile']);
    expect((await children('/db-event-mgr/user.profile')).sort()).toEqual(['registry', 'sharing']);
    expect(await read('/db-event-mgr/user.profile')).toBe('user.profile');
    expect(await read('/db-event-mgr/user.profile/sharing')).toBe('sharing');
  });

  it('Changes that a legacy manager makes are applied to the map', async () => {
    const registry = await ready();
    await write('/db-event-mgr/tenant/sharing', 'sharing');
    await waitFor(() => registry.map.subscribersOf('tenant', 'TENANT').includes('sharing'));
    await remove('/db-event-mgr/tenant/sharing');
    await waitFor(() => registry.map.size === 0);
  });

  it('A subscription that a legacy manager deletes and creates again at once is read again, without its old filter', async () => {
    const registry = await ready();
    const generation = () => registry.map.get('tenant', 'sharing')?.generation;
    await registry.put({ publisher: 'tenant', subscriber: 'sharing', entityTypes: ['TENANT'] });
    for (let round = 0; round < 20; round += 1) {
      const before = generation();
      // Both before the registry can read the first change.
      await Promise.all([remove('/db-event-mgr/tenant/sharing'), write('/db-event-mgr/tenant/sharing', 'sharing')]);
      await waitFor(() => generation() !== undefined && generation() !== before);
      expect(registry.map.get('tenant', 'sharing')?.entityTypes).toBeUndefined();
    }
  });

  it('A node that can’t be parsed is a subscription to everything, and invalid names are skipped', async () => {
    const registry = await ready();
    const known = encodeSubscriptionNode({ publisher: 'tenant', subscriber: 'odd', entityTypes: ['TENANT'] });
    await write('/db-event-mgr/tenant/odd', known.toString().replace('TENANT', 'NO_SUCH_TYPE'));
    await write('/db-event-mgr/tenant/not a name', 'x');
    await waitFor(() => registry.map.subscribersOf('tenant', 'GROUP').includes('odd'));
    expect(registry.map.size).toBe(1);
  });

  it('The map stays readable and rejects changes while ZooKeeper is unavailable, and catches up afterwards', async () => {
    const registry = await ready();
    await registry.put(SHARING);
    proxy.cut();
    await expectRefused(proxy.port);
    await waitFor(() => registry.health().status === 'degraded');
    expect(registry.map.get('user.profile', 'sharing')).toBeDefined();
    await expect(registry.put({ ...SHARING, subscriber: 'late' })).rejects.toMatchObject({
      code: 'MAP_UNAVAILABLE',
      retryable: true,
    });
    await write('/db-event-mgr/tenant/meanwhile', 'meanwhile');
    proxy.restore();
    await waitFor(() => registry.health().status === 'ready' && registry.map.get('tenant', 'meanwhile') !== undefined);
    expect(await registry.put({ ...SHARING, subscriber: 'late' })).toBe('created');
  });

  it('The registry replaces an expired session and becomes a member again', async () => {
    const registry = await ready(SHORT);
    await registry.put(SHARING);
    const before = await registry.members();
    proxy.cut();
    await waitFor(async () => (await children('/db-event-mgr-members')).length === 0);
    await write('/db-event-mgr/user.profile/while-away', 'while-away');
    expect(registry.map.size).toBe(1);
    proxy.restore();
    await waitFor(() => registry.health().status === 'ready' && registry.map.size === 2);
    const after = await registry.members();
    expect(after).toHaveLength(1);
    expect(after[0]?.id).not.toBe(before[0]?.id);
  });

  it('The registry detects a server that stops responding, and uses it again when it responds', async () => {
    const registry = await ready(SHORT);
    proxy.silence();
    const rejected = expect(registry.put(SHARING)).rejects.toMatchObject({ code: 'MAP_UNAVAILABLE' });
    await waitFor(() => proxy.swallowedBytes > 0);
    await rejected;
    await waitFor(() => registry.health().status === 'degraded');
    proxy.restore();
    await waitFor(() => registry.health().status === 'ready');
  });

  it('A subscription is not confirmed while a running manager does not route by it', async () => {
    const registry = await ready();
    const stuck = { id: 'stuck', host: 'elsewhere', pid: 1, startedAtMs: 0, appliedRevision: 0n };
    await write(memberPath('stuck'), encodeMember(stuck));
    const shortTimeout = await ready({ rolloutTimeoutMs: 500 });
    await expect(shortTimeout.put(SHARING)).rejects.toMatchObject({
      code: 'ROLLOUT_TIMEOUT',
      retryable: true,
      details: { behind: expect.arrayContaining(['stuck']) },
    });
    await remove(memberPath('stuck'));
    expect(await registry.put(SHARING)).toBe('unchanged');
  });

  it('Each node has one watch, however many changes are made concurrently and whoever makes them', async () => {
    const registry = await ready();
    const warnings: string[] = [];
    const note = (warning: Error) => warnings.push(`${warning.name}: ${warning.message}`);
    process.on('warning', note);
    try {
      await Promise.all(
        Array.from({ length: 15 }, (_, index) => registry.put({ ...SHARING, subscriber: `concurrent.${index}` })),
      );
      for (let index = 0; index < 15; index += 1) {
        await registry.put({ ...SHARING, subscriber: `sequential.${index}` });
        await write(`/db-event-mgr/user.profile/legacy.${index}`, `legacy.${index}`);
        await waitFor(() => registry.map.get('user.profile', `legacy.${index}`) !== undefined);
      }
      // Node emits warnings one tick of the event loop later.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', note);
    }
    expect(warnings).toEqual([]);
    expect(registry.map.size).toBe(45);
  });

  it('The registry works with a slow ZooKeeper, and applies the changes that others make there meanwhile', async () => {
    const registry = await ready();
    const delayMs = 150;
    proxy.delay(delayMs);
    const begunMs = performance.now();
    expect(await registry.put(SHARING)).toBe('created');
    expect(performance.now() - begunMs).toBeGreaterThan(2 * delayMs);
    await write('/db-event-mgr/tenant/sharing', 'sharing');
    await waitFor(() => registry.map.get('tenant', 'sharing') !== undefined);
    expect(registry.health().status).toBe('ready');
    proxy.restore();
    expect(await registry.remove(SHARING.publisher, SHARING.subscriber)).toBe('removed');
  });

  it('Changes are rejected while ZooKeeper does not respond in time, and the map converges afterwards', async () => {
    const registry = await ready(SHORT);
    await registry.put(SHARING);
    proxy.delay(6_000);
    await expect(registry.put({ ...SHARING, subscriber: 'late' })).rejects.toMatchObject({
      code: 'MAP_UNAVAILABLE',
      retryable: true,
    });
    await waitFor(() => registry.health().status === 'degraded');
    expect(registry.map.get('user.profile', 'sharing')).toBeDefined();
    await write('/db-event-mgr/tenant/meanwhile', 'meanwhile');
    proxy.restore();
    await waitFor(() => registry.health().status === 'ready' && registry.map.get('tenant', 'meanwhile') !== undefined);
    await registry.put({ ...SHARING, subscriber: 'late' });
    expect(registry.map.get('user.profile', 'late')).toBeDefined();
  });

  it('A registry that starts before ZooKeeper has the status loading until ZooKeeper is available', async () => {
    proxy.cut();
    await expectRefused(proxy.port);
    const early = await start();
    expect(early.health().status).toBe('loading');
    proxy.restore();
    await early.loaded();
  });
});
