import { startRun, ZooKeeperRunStore } from '@dbem/reconcile';
import { ZooKeeperSubscriptionRegistry } from '@dbem/subscription-registry';
import { ACL, type Client, Exception, Id, Permission } from 'node-zookeeper-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TcpProxy } from '../support/network/tcp-proxy';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';

const CREDENTIALS = 'managers:a-password-of-theirs';
const CLOSED = { credentials: CREDENTIALS, nodes: 'closed' } as const;
const FILTER = { publisher: 'user.profile', subscriber: 'sharing' };

describe('the map in ZooKeeper with write access for managers only', () => {
  let root: FreshZooKeeperRoot;
  /** A client that is not a manager. */
  let stranger: Client;
  let proxy: TcpProxy;
  /** Connects through the proxy. */
  let connectString: string;
  const registries: ZooKeeperSubscriptionRegistry[] = [];

  beforeEach(async () => {
    root = await freshZooKeeperRoot();
    stranger = root.client;
    const [address = '', chroot] = root.connectString.split('/');
    const [host = '', port] = address.split(':');
    proxy = await TcpProxy.start({ host, port: Number(port) });
    connectString = `127.0.0.1:${proxy.port}/${chroot}`;
  });

  afterEach(async () => {
    await Promise.all(registries.splice(0).map((registry) => registry.stop()));
    await root.drop(CREDENTIALS);
    await proxy.stop();
  });

  async function start(protection?: { credentials: string; nodes: 'closed' | 'open' }) {
    const registry = new ZooKeeperSubscriptionRegistry({
      connectString,
      indexPauseMs: 2,
      ...(protection !== undefined && { protection }),
    });
    registries.push(registry);
    await registry.start();
    return registry;
  }

  async function ready(protection?: { credentials: string; nodes: 'closed' | 'open' }) {
    const registry = await start(protection);
    await registry.loaded();
    return registry;
  }

  /** ZooKeeper's error code for a stranger's operation; undefined if it succeeds. */
  const refusalOf = (act: (callback: Callback<unknown>) => void) =>
    done(act).then(
      () => undefined,
      (error: Exception) => error.getCode(),
    );

  /** Poll it: a manager closes existing nodes in the background after its start. */
  const isClosed = async (path: string) => {
    const acls = await done<ACL[]>((callback) => stranger.getACL(path, callback));
    return acls.some((acl) => acl.id.scheme === 'digest');
  };

  it('Closed nodes of the map can be changed by managers only, and read by everyone', async () => {
    const registry = await ready(CLOSED);
    expect(await registry.put(FILTER)).toBe('created');
    const map = '/db-event-mgr';
    const node = `${map}/user.profile/sharing`;
    const refusals = await Promise.all([
      refusalOf((callback) => stranger.create(`${map}/forged`, callback)),
      refusalOf((callback) => stranger.create(`${map}/user.profile/forged`, callback)),
      refusalOf((callback) => stranger.setData(node, Buffer.from('{}'), callback)),
      refusalOf((callback) => stranger.remove(node, (error) => callback(error, undefined))),
      refusalOf((callback) => stranger.create('/db-event-mgr-members/forged', callback)),
      refusalOf((callback) => stranger.setACL(node, [new ACL(Permission.ALL, new Id('world', 'anyone'))], callback)),
    ]);
    expect(refusals).toEqual(Array(6).fill(Exception.NO_AUTH));
    expect(await done<string[]>((callback) => stranger.getChildren(`${map}/user.profile`, callback))).toEqual([
      'sharing',
    ]);
    expect(await registry.remove('user.profile', 'sharing')).toBe('removed');
  });

  it('The index of the map can be changed by managers only, even if it was open before', async () => {
    const before = await ready();
    const index = '/db-event-mgr-index';
    const putMany = async (registry: ZooKeeperSubscriptionRegistry, publisher: string) => {
      for (let count = 0; count < 8; count += 1) await registry.put({ publisher, subscriber: `s${count}` });
      await waitFor(() =>
        done((callback) => stranger.exists(`${index}/${publisher}`, callback)).then((stat) => stat !== null),
      );
    };
    await putMany(before, 'user.profile');
    expect(await refusalOf((callback) => stranger.create(`${index}/before`, callback))).toBeUndefined();
    await before.stop();
    const after = await ready(CLOSED);
    await putMany(after, 'tenant');
    await waitFor(async () => (await isClosed(`${index}/user.profile`)) && (await isClosed(`${index}/before`)));
    const refusals = await Promise.all([
      refusalOf((callback) => stranger.create(`${index}/forged`, callback)),
      refusalOf((callback) => stranger.setData(`${index}/tenant`, Buffer.from('{}'), callback)),
      refusalOf((callback) => stranger.setData(`${index}/user.profile`, Buffer.from('{}'), callback)),
      refusalOf((callback) => stranger.setData(`${index}/before`, Buffer.from('{}'), callback)),
      refusalOf((callback) => stranger.remove(`${index}/tenant`, (error) => callback(error, undefined))),
    ]);
    expect(refusals).toEqual(Array(5).fill(Exception.NO_AUTH));
  });

  it('A manager without credentials or with wrong ones is rejected', async () => {
    const registry = await ready(CLOSED);
    await registry.put(FILTER);
    for (const protection of [undefined, { ...CLOSED, credentials: 'managers:a-wrong-password' }]) {
      const outsider = await start(protection);
      await waitFor(() => outsider.health().lastFault !== undefined);
      expect(outsider.health().status).toBe('loading');
      await expect(outsider.put({ publisher: 'a', subscriber: 'b' })).rejects.toMatchObject({
        code: 'MAP_UNAVAILABLE',
      });
    }
    expect((await registry.members()).length).toBe(1);
  });

  it('Open nodes are closed when the first manager with closed nodes starts', async () => {
    const before = await ready();
    await before.put(FILTER);
    const between = await ready({ credentials: CREDENTIALS, nodes: 'open' });
    await between.put({ publisher: 'user.profile', subscriber: 'registry' });
    // Both run side by side, so that managers can be given the credentials one by one.
    await waitFor(() => before.map.size === 2);
    await before.stop();
    const after = await ready(CLOSED);
    expect(after.map.size).toBe(2);
    await between.put({ publisher: 'registry', subscriber: 'sharing' });
    await waitFor(() => after.map.size === 3);
    for (const path of ['', '/user.profile', '/user.profile/sharing', '/user.profile/registry']) {
      await waitFor(() => isClosed(`/db-event-mgr${path}`));
      const acls = await done<ACL[]>((callback) => stranger.getACL(`/db-event-mgr${path}`, callback));
      expect(
        acls.map((acl) => [acl.id.scheme, (acl as unknown as { permission: number }).permission]).sort(),
        path,
      ).toEqual([
        ['digest', Permission.ALL],
        ['world', Permission.READ],
      ]);
    }
  });

  it('Reconcile runs can be changed by managers only, and continue after their nodes are closed', async () => {
    const key = { publisher: 'user.profile', subscriber: 'sharing', entityType: 'USER_PROFILE' } as const;
    const run = startRun({ ...key, kind: 'audit', requestedBy: 'ada' });
    const storeOf = async (protection?: typeof CLOSED) => {
      const store = new ZooKeeperRunStore({ connectString, ...(protection && { protection }) });
      await store.start();
      await waitFor(() =>
        store.list().then(
          () => true,
          () => false,
        ),
      );
      return store;
    };
    const before = await storeOf();
    expect(await before.create(run)).toBe(true);
    await before.putSchedule({ ...key, kind: 'audit', intervalMs: 86_400_000, lastStartedAtMs: null });
    await before.stop();
    const after = await storeOf(CLOSED);
    const keyText = 'user.profile|sharing|USER_PROFILE';
    for (const path of [
      '',
      '/runs',
      `/runs/${run.id}`,
      `/active/${keyText}`,
      `/schedules/${keyText}`,
      '/owners',
      '/asked',
    ]) {
      const node = `/db-event-mgr-reconcile${path}`;
      expect(await refusalOf((callback) => stranger.setData(node, Buffer.from('{}'), callback)), path).toBe(
        Exception.NO_AUTH,
      );
    }
    const claim = await after.claim(run.id);
    await claim?.save({ ...run, state: 'done' });
    await claim?.release();
    expect(await after.get(run.id)).toMatchObject({ state: 'done' });
    expect(await after.underWay()).toEqual([]);
    await after.stop();
  });

  it('A registry can be stopped while it connects', async () => {
    for (let round = 0; round < 20; round += 1) {
      const registry = await start(CLOSED);
      await new Promise((resolve) => setImmediate(resolve));
      await registry.stop();
    }
    await ready(CLOSED);
  });

  it('A registry recovers from a lost connection, and sends nothing before it has authenticated again', async () => {
    const registry = await ready(CLOSED);
    for (let round = 0; round < 5; round += 1) {
      proxy.cut();
      await waitFor(() => registry.health().status !== 'ready');
      // Many requests while there is no connection.
      const asked = Promise.allSettled(Array.from({ length: 20 }, () => registry.put(FILTER)));
      proxy.restore();
      for (const outcome of await asked) {
        if (outcome.status === 'rejected') expect(String(outcome.reason)).not.toMatch(/NO_AUTH/);
      }
      await waitFor(() => registry.health().status === 'ready');
      await waitFor(() =>
        registry.put({ publisher: 'round', subscriber: `s${round}` }).then(
          () => true,
          () => false,
        ),
      );
    }
    expect(registry.map.subscribersOf('round', 'GROUP')).toHaveLength(5);
  });
});

type Callback<Result> = (error: Error | Exception | null, result: Result) => void;

function done<Result>(act: (callback: Callback<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    act((error, result) => (error === null || error === undefined ? resolve(result) : reject(error)));
  });
}
