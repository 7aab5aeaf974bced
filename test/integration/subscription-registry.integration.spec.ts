import { ZooKeeperSubscriptionRegistry } from '@dbem/subscription-registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshZooKeeperRoot, freshZooKeeperRoot, TcpProxy, waitFor } from '../support';

const SHARING = { publisher: 'user.profile', subscriber: 'sharing' };

describe('ZooKeeperSubscriptionRegistry', () => {
  let root: FreshZooKeeperRoot;
  let proxy: TcpProxy;
  let registry: ZooKeeperSubscriptionRegistry;

  beforeEach(async () => {
    root = await freshZooKeeperRoot();
    const [address = '', ...chroot] = root.connectString.split('/');
    const [host = '', port] = address.split(':');
    proxy = await TcpProxy.start({ host, port: Number(port) });
    registry = new ZooKeeperSubscriptionRegistry({
      connectString: `127.0.0.1:${proxy.port}/${chroot.join('/')}`,
      sessionTimeoutMs: 1_500,
      agreementTimeoutMs: 5_000,
    });
    await registry.start();
    await registry.loaded();
  });

  afterEach(async () => {
    await registry.stop();
    await proxy.stop();
    await root.drop();
  });

  const write = (path: string, data: string) =>
    new Promise<void>((resolve, reject) => {
      root.client.mkdirp(path, Buffer.from(data), (error) => (error ? reject(error) : resolve()));
    });
  const read = (path: string) =>
    new Promise<string>((resolve, reject) => {
      root.client.getData(path, (error, data) => (error ? reject(error) : resolve(data.toString())));
    });
  const children = (path: string) =>
    new Promise<string[]>((resolve, reject) => {
      root.client.getChildren(path, (error, names) => (error ? reject(error) : resolve(names)));
    });

  it('lays the map out as the Java manager does', async () => {
    await registry.put(SHARING);
    await registry.put({ publisher: 'user.profile', subscriber: 'registry', entityTypes: ['TENANT'] });
    expect(await children('/db-event-mgr')).toEqual(['user.profile']);
    expect((await children('/db-event-mgr/user.profile')).sort()).toEqual(['registry', 'sharing']);
    expect(await read('/db-event-mgr/user.profile')).toBe('user.profile');
    expect(await read('/db-event-mgr/user.profile/sharing')).toBe('sharing');
  });

  it('sees what the Java manager changes', async () => {
    await write('/db-event-mgr/tenant/sharing', 'sharing');
    await waitFor(() => registry.map.subscribersOf('tenant', 'TENANT').includes('sharing'));
    root.client.remove('/db-event-mgr/tenant/sharing', () => {});
    await waitFor(() => registry.map.size === 0);
  });

  it('takes a node that it can’t understand as a subscription to everything, and passes over impossible names', async () => {
    await write('/db-event-mgr/tenant/odd', '{"entityTypes":["NO_SUCH_TYPE"]}');
    await write('/db-event-mgr/tenant/not a name', 'x');
    await waitFor(() => registry.map.subscribersOf('tenant', 'GROUP').includes('odd'));
    expect(registry.map.size).toBe(1);
  });

  it('routes from memory while ZooKeeper is away, refuses changes, and catches up', async () => {
    await registry.put(SHARING);
    proxy.cut();
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

  it('replaces a session that has expired, and is a member again', async () => {
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

  it('notices a server that has fallen silent', async () => {
    proxy.silence();
    await expect(registry.put(SHARING)).rejects.toMatchObject({ code: 'MAP_UNAVAILABLE' });
    await waitFor(() => registry.health().status === 'degraded');
    proxy.restore();
    await waitFor(() => registry.health().status === 'ready');
  });

  it('does not call a subscription made while a live manager has not taken it in', async () => {
    await write('/db-event-mgr-members/stuck', JSON.stringify({ id: 'stuck', appliedRevision: '0' }));
    await expect(registry.put(SHARING)).rejects.toMatchObject({ code: 'MAP_NOT_AGREED', retryable: true });
    root.client.remove('/db-event-mgr-members/stuck', () => {});
    expect(await registry.put(SHARING)).toBe('unchanged');
  });

  it('watches each node once, however many changes are made at once, and by whomever', async () => {
    const warnings: string[] = [];
    const note = (warning: Error) => warnings.push(`${warning.name}: ${warning.message}`);
    process.on('warning', note);
    try {
      await Promise.all(
        Array.from({ length: 15 }, (_, index) => registry.put({ ...SHARING, subscriber: `at.once.${index}` })),
      );
      for (let index = 0; index < 15; index += 1) {
        await registry.put({ ...SHARING, subscriber: `in.turn.${index}` });
        await write(`/db-event-mgr/user.profile/of.java.${index}`, `of.java.${index}`);
        await waitFor(() => registry.map.get('user.profile', `of.java.${index}`) !== undefined);
      }
      // Warnings come a turn of the event loop later.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', note);
    }
    expect(warnings).toEqual([]);
    expect(registry.map.size).toBe(45);
  });

  it('follows a ZooKeeper that is slow, and what others change there meanwhile', async () => {
    proxy.delay(300);
    expect(await registry.put(SHARING)).toBe('created');
    await write('/db-event-mgr/tenant/sharing', 'sharing');
    await waitFor(() => registry.map.get('tenant', 'sharing') !== undefined);
    expect(registry.health().status).toBe('ready');
    proxy.restore();
    expect(await registry.remove(SHARING.publisher, SHARING.subscriber)).toBe('removed');
  });

  it('refuses changes while ZooKeeper is too slow to answer in time, says so, and converges afterwards', async () => {
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

  it('starts before ZooKeeper does', async () => {
    proxy.cut();
    const early = new ZooKeeperSubscriptionRegistry({
      connectString: `127.0.0.1:${proxy.port}/${root.connectString.split('/')[1]}`,
      sessionTimeoutMs: 1_500,
    });
    await early.start();
    expect(early.health().status).toBe('loading');
    proxy.restore();
    await early.loaded();
    await early.stop();
  });
});
