import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSubscriptionRequest } from '@dbem/entity-codec';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import { addTokens } from '../support/access/token-file';
import type { AppInstance } from '../support/apps/app-instance';
import { InProcessApp } from '../support/apps/in-process-app';
import { logFolder } from '../support/apps/log-folder';
import { askManager, ownMessage } from '../support/broker/ask-manager';
import { request } from '../support/http/http';
import { expectRefused } from '../support/network/expect-refused';
import { TcpProxy } from '../support/network/tcp-proxy';
import { type FreshVhost, freshVhost } from '../support/servers/fresh-vhost';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';

interface Entry {
  at: string;
  who: { name: string; role?: string; provedBy: string };
  from: { address?: string; manager: string };
  action: string;
  target: Record<string, string>;
  input?: unknown;
  result: string;
  outcome: string;
}

describe('the audit trail of several event managers', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let proxy: TcpProxy;
  let killable: AppProcess;
  let one: AppInstance;
  let other: AppInstance;
  let tokens: Record<'viewer' | 'operator', string>;
  const folder = mkdtempSync(join(tmpdir(), 'dbem-audit-'));
  const tokensFile = join(folder, 'tokens.json');

  const environment = (amqpUrl: string) => ({
    AMQP_URL: amqpUrl,
    ZOOKEEPER_CONNECT: root.connectString,
    ADMIN_TOKENS_FILE: tokensFile,
    ADMIN_RATE_LIMIT: '100000',
  });

  beforeAll(async () => {
    tokens = await addTokens(tokensFile, ['viewer', 'operator']);
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    const url = new URL(vhost.amqpUrl);
    proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    [killable, other] = await Promise.all([
      AppProcess.start({ app: 'event-manager', env: environment(url.toString()), logFolder }),
      InProcessApp.start('event-manager', environment(vhost.amqpUrl)),
    ]);
    one = killable;
    await Promise.all([one.waitUntilReady(), other.waitUntilReady()]);
    await waitFor(async () => (await change(one, 'PUT', '/subscriptions/first/of.all')).status < 300);
  });

  afterAll(async () => {
    await Promise.all([one?.stop(), other?.stop()]);
    await proxy?.stop();
    await Promise.all([vhost?.drop(), root?.drop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const change = (manager: AppInstance, method: string, path: string, { token = tokens.operator, body = {} } = {}) =>
    request(method, `${manager.url}/admin/v1${path}`, { token, body });

  async function trail(manager: AppInstance, query = ''): Promise<{ items: Entry[]; next?: string }> {
    const { status, body } = await request<{ items: Entry[]; next?: string }>(
      'GET',
      `${manager.url}/admin/v1/audit${query}`,
      { token: tokens.viewer },
    );
    expect(status).toBe(200);
    return body;
  }

  /** The newest entry of any manager for this publisher that has the result of the change. */
  const entryAbout = (manager: AppInstance, publisher: string, action = '') =>
    waitFor(async () =>
      (await trail(manager, '?limit=500')).items.find(
        ({ target, action: done, result }) =>
          target.publisher === publisher && done.includes(action) && result !== 'started',
      ),
    );

  it('A change is recorded in the audit trail with actor, action, time, origin and result, and every manager shows it', async () => {
    const body = { entityTypes: ['GROUP'] };
    expect((await change(one, 'PUT', '/subscriptions/audited/sub', { body })).status).toBe(201);
    const entry = await entryAbout(other, 'audited');
    expect(entry).toMatchObject({
      who: { name: 'the operator', role: 'operator', provedBy: 'token' },
      from: { address: expect.stringContaining('127.0.0.1'), manager: expect.stringContaining(`-${killable.pid}`) },
      action: 'PUT /admin/v1/subscriptions/:publisher/:subscriber',
      target: { publisher: 'audited', subscriber: 'sub' },
      input: { entityTypes: ['GROUP'] },
      result: 'done',
      outcome: '201',
    });
    expect(Math.abs(Date.parse(entry.at) - Date.now())).toBeLessThan(60_000);
    expect(await entryAbout(one, 'audited')).toEqual(entry);
  });

  it('A change that was rejected is recorded in the audit trail', async () => {
    const { viewer } = tokens;
    expect((await change(one, 'PUT', '/subscriptions/forbidden/sub', { token: viewer })).status).toBe(403);
    expect(await entryAbout(one, 'forbidden')).toMatchObject({
      who: { name: 'the viewer' },
      result: 'refused',
      outcome: '403',
    });
    expect((await change(one, 'PUT', '/subscriptions/itself/itself')).status).toBe(400);
    expect(await entryAbout(one, 'itself')).toMatchObject({ result: 'refused', outcome: 'SUBSCRIPTION_INVALID' });
  });

  it('A change that a message requested is recorded in the audit trail with its broker user', async () => {
    const connection = await connect(vhost.amqpUrl);
    for (const action of ['SUBSCRIBE', 'SUBSCRIBE', 'UNSUBSCRIBE'] as const) {
      const subscription = { publisher: 'by.message', subscriber: 'sub', declareQueue: true };
      const body = encodeSubscriptionRequest({ ...subscription, action });
      // Two managers handle requests concurrently, so each request is awaited.
      const reply = await askManager(connection, ownMessage(body, { persistent: true, userId: 'guest' }));
      expect(reply).toEqual({ status: 'ACCEPTED', services: ['sub'] });
      await entryAbout(other, 'by.message', action);
    }
    await connection.close();
    const { items } = await trail(other, '?limit=500');
    const entries = items.filter(({ target }) => target.publisher === 'by.message');
    // Without the second SUBSCRIBE, which changed nothing.
    expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['UNSUBSCRIBE', 'removed'],
      ['SUBSCRIBE', 'created'],
    ]);
    expect(entries[0]?.who).toEqual({ name: 'guest', provedBy: 'broker user' });
  });

  it('Recorded changes are listed page by page, newest first, and can be filtered by actor and result', async () => {
    for (const number of [1, 2, 3, 4, 5]) {
      expect((await change(other, 'PUT', `/subscriptions/paged${number}/sub`)).status).toBe(201);
    }
    await entryAbout(one, 'paged5');
    const first = await trail(one, '?limit=2');
    const second = await trail(one, `?limit=2&after=${first.next}`);
    expect([...first.items, ...second.items].map(({ target }) => target.publisher)).toEqual([
      'paged5',
      'paged4',
      'paged3',
      'paged2',
    ]);
    const refused = await trail(one, `?result=refused&who=${encodeURIComponent('the viewer')}`);
    expect(refused.items.map(({ target }) => target.publisher)).toEqual(['forbidden']);
    const url = `${one.url}/admin/v1/audit?after=nonsense`;
    expect((await request('GET', url, { token: tokens.viewer })).status).toBe(400);
  });

  it('A change is rejected while the audit trail can’t be written', async () => {
    proxy.cut();
    await expectRefused(proxy.port);
    const readiness = async () => (await request('GET', `${one.url}/health/ready`)).status;
    await waitFor(async () => (await readiness()) === 503);
    const { status, body } = await change(one, 'DELETE', '/subscriptions/audited/sub');
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    const { body: kept } = await request('GET', `${other.url}/admin/v1/subscriptions?publisher=audited`, {
      token: tokens.viewer,
    });
    expect(kept.items).toHaveLength(1);
    proxy.restore();
    await waitFor(async () => (await readiness()) === 200);
    await waitFor(async () => (await change(one, 'DELETE', '/subscriptions/audited/sub')).status === 204);
    await entryAbout(one, 'audited', 'DELETE');
  });

  it('The audit trail is kept when all event managers have stopped', async () => {
    const before = (await trail(other, '?limit=500')).items;
    await other.stop();
    await killable.kill();
    for (const { port } of [one, other]) await expectRefused(port);
    one = await InProcessApp.start('event-manager', environment(vhost.amqpUrl));
    await one.waitUntilReady();
    await waitFor(async () => (await trail(one, '?limit=500')).items.length === before.length);
    expect((await trail(one, '?limit=500')).items).toEqual(before);
  });
});
