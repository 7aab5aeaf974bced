import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSubscriptionRequest } from '@dbem/entity-codec';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOf } from '../../apps/event-manager/src/admin/access/token-hash';
import { AppProcess } from '../../tools/apps/app-process';
import {
  type FreshVhost,
  type FreshZooKeeperRoot,
  freshVhost,
  freshZooKeeperRoot,
  logFolder,
  request,
  TcpProxy,
  waitFor,
} from '../support';

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

const TOKENS = { viewer: 'v'.repeat(20), operator: 'o'.repeat(20) } as const;

describe('changes through the admin API of several event managers', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let proxy: TcpProxy;
  let one: AppProcess;
  let other: AppProcess;
  const folder = mkdtempSync(join(tmpdir(), 'dbem-audit-'));
  const tokensFile = join(folder, 'tokens.json');

  const start = (amqpUrl: string) =>
    AppProcess.start({
      app: 'event-manager',
      env: {
        AMQP_URL: amqpUrl,
        ZOOKEEPER_CONNECT: root.connectString,
        ADMIN_TOKENS_FILE: tokensFile,
        ADMIN_RATE_LIMIT: '100000',
        LOG_LEVEL: 'debug',
      },
      logFolder,
    });

  beforeAll(async () => {
    const tokens = Object.entries(TOKENS).map(([role, token]) => ({
      name: `the ${role}`,
      role,
      sha256: hashOf(token).toString('hex'),
    }));
    writeFileSync(tokensFile, JSON.stringify({ tokens }));
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    const url = new URL(vhost.amqpUrl);
    proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    [one, other] = await Promise.all([start(url.toString()), start(vhost.amqpUrl)]);
    await Promise.all([one.waitUntilReady(), other.waitUntilReady()]);
    await waitFor(async () => (await change(one, 'PUT', '/subscriptions/first/of.all')).status < 300);
  });

  afterAll(async () => {
    await Promise.all([one?.stop(), other?.stop()]);
    await proxy?.stop();
    await Promise.all([vhost.drop(), root.drop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const change = (
    manager: AppProcess,
    method: string,
    path: string,
    { token = TOKENS.operator as string, body = {}, headers = {} } = {},
  ) => request(method, `${manager.url}/admin/v1${path}`, { token, body, headers });

  async function trail(manager: AppProcess, query = ''): Promise<{ items: Entry[]; next?: string }> {
    const { status, body } = await request<{ items: Entry[]; next?: string }>(
      'GET',
      `${manager.url}/admin/v1/audit${query}`,
      { token: TOKENS.viewer },
    );
    expect(status).toBe(200);
    return body;
  }

  /** The newest entry that is about this publisher, from any manager, and says what became of the change. */
  const entryAbout = (manager: AppProcess, publisher: string, action = '') =>
    waitFor(async () =>
      (await trail(manager, '?limit=500')).items.find(
        ({ target, action: done, result }) =>
          target.publisher === publisher && done.includes(action) && result !== 'begun',
      ),
    );

  it('are recorded with who, what, when, from where and the result, to be seen at every manager', async () => {
    await change(one, 'PUT', '/subscriptions/audited/sub', { body: { entityTypes: ['GROUP'] } });
    const entry = await entryAbout(other, 'audited');
    expect(entry).toMatchObject({
      who: { name: 'the operator', role: 'operator', provedBy: 'token' },
      from: { address: expect.stringContaining('127.0.0.1'), manager: expect.stringContaining(`-${one.pid}`) },
      action: 'PUT /admin/v1/subscriptions/:publisher/:subscriber',
      target: { publisher: 'audited', subscriber: 'sub' },
      input: { entityTypes: ['GROUP'] },
      result: 'done',
      outcome: '201',
    });
    expect(Math.abs(Date.parse(entry.at) - Date.now())).toBeLessThan(60_000);
    expect(await entryAbout(one, 'audited')).toEqual(entry);
  });

  it('are recorded when they are refused, too', async () => {
    const { viewer } = TOKENS;
    expect((await change(one, 'PUT', '/subscriptions/forbidden/sub', { token: viewer })).status).toBe(403);
    expect(await entryAbout(one, 'forbidden')).toMatchObject({
      who: { name: 'the viewer' },
      result: 'refused',
      outcome: '403',
    });
    expect((await change(one, 'PUT', '/subscriptions/itself/itself')).status).toBe(400);
    expect(await entryAbout(one, 'itself')).toMatchObject({ result: 'refused', outcome: 'SUBSCRIPTION_INVALID' });
  });

  it('are recorded when they are asked for by a message', async () => {
    const connection = await connect(vhost.amqpUrl);
    const channel = await connection.createConfirmChannel();
    let answers = 0;
    const takeAnswer = () => {
      answers += 1;
    };
    await channel.consume('amq.rabbitmq.reply-to', takeAnswer, { noAck: true });
    for (const [index, action] of (['SUBSCRIBE', 'SUBSCRIBE', 'UNSUBSCRIBE'] as const).entries()) {
      const body = encodeSubscriptionRequest({
        action,
        publisher: 'by.message',
        subscriber: 'sub',
        declareQueue: true,
      });
      const properties = { persistent: true, userId: 'guest', replyTo: 'amq.rabbitmq.reply-to', correlationId: action };
      channel.publish('db.event.exchange', 'db.event', body, properties);
      // Two managers take requests: the next may overtake one that is under way.
      await waitFor(() => answers === index + 1);
      await entryAbout(other, 'by.message', action);
    }
    await connection.close();
    const { items } = await trail(other, '?limit=500');
    const entries = items.filter(({ target }) => target.publisher === 'by.message');
    // Not the second SUBSCRIBE, which changed nothing.
    expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['UNSUBSCRIBE', 'removed'],
      ['SUBSCRIBE', 'created'],
    ]);
    expect(entries[0]?.who).toEqual({ name: 'guest', provedBy: 'broker user' });
  });

  it('are listed page by page, newest first, and by who, what and result', async () => {
    for (const number of [1, 2, 3, 4, 5]) await change(other, 'PUT', `/subscriptions/paged${number}/sub`);
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
    expect((await request('GET', url, { token: TOKENS.viewer })).status).toBe(400);
  });

  it('are not made while the trail can’t be written', async () => {
    proxy.cut();
    await waitFor(async () => (await request('GET', `${one.url}/health/ready`)).status === 503);
    const { status, body } = await change(one, 'DELETE', '/subscriptions/audited/sub');
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    const { body: kept } = await request('GET', `${other.url}/admin/v1/subscriptions?publisher=audited`, {
      token: TOKENS.viewer,
    });
    expect(kept.items).toHaveLength(1);
    proxy.restore();
    await waitFor(async () => (await change(one, 'DELETE', '/subscriptions/audited/sub')).status === 204, {
      timeoutMs: 60_000,
    });
    await entryAbout(one, 'audited', 'DELETE');
  });

  it('outlive every manager', async () => {
    const before = (await trail(other, '?limit=500')).items;
    await Promise.all([one.kill(), other.kill()]);
    [one, other] = await Promise.all([start(vhost.amqpUrl), start(vhost.amqpUrl)]);
    await Promise.all([one.waitUntilReady(), other.waitUntilReady()]);
    await waitFor(async () => (await trail(one, '?limit=500')).items.length === before.length);
    expect((await trail(one, '?limit=500')).items).toEqual(before);
  });

  describe('with an Idempotency-Key', () => {
    const headers = (key: string) => ({ 'idempotency-key': key });

    it('are made once, however often they are asked for', async () => {
      const ask = () => change(one, 'PUT', '/subscriptions/once/sub', { headers: headers('k1') });
      const first = await ask();
      expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null]);
      const second = await ask();
      expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
      expect(second.body).toEqual(first.body);
      await entryAbout(one, 'once');
      expect((await trail(one, '?limit=500')).items.filter(({ target }) => target.publisher === 'once')).toHaveLength(
        1,
      );
    });

    it('are refused when the key came with another request', async () => {
      await change(one, 'PUT', '/subscriptions/reused/sub', { headers: headers('k2') });
      const { status, body } = await change(one, 'PUT', '/subscriptions/reused/other', { headers: headers('k2') });
      expect([status, body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
      expect((await change(one, 'PUT', '/subscriptions/x/y', { headers: headers('k'.repeat(256)) })).status).toBe(400);
    });

    it('may be asked for again with the same key when they were refused', async () => {
      const path = '/subscriptions/later/sub';
      expect((await change(one, 'DELETE', path, { headers: headers('k3') })).status).toBe(404);
      await change(one, 'PUT', path);
      expect((await change(one, 'DELETE', path, { headers: headers('k3') })).status).toBe(204);
      expect((await change(one, 'DELETE', path, { headers: headers('k3') })).status).toBe(204);
    });
  });

  it('leave lists that are read page by page', async () => {
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const query = `?limit=3${next === undefined ? '' : `&after=${next}`}`;
      const { body } = await request<{ items: { publisher: string }[]; next?: string }>(
        'GET',
        `${one.url}/admin/v1/subscriptions${query}`,
        { token: TOKENS.viewer },
      );
      expect(body.items.length).toBeLessThanOrEqual(3);
      seen.push(...body.items.map(({ publisher }) => publisher));
      next = body.next;
    } while (next !== undefined);
    expect(seen).toEqual([...seen].sort());
    expect(seen).toEqual(expect.arrayContaining(['first', 'paged1', 'paged5', 'once']));
  });
});
