import { type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { askManager, ownMessage } from '../support/broker/ask-manager';
import { projectEvent } from '../support/events/project-event';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const TOKEN = 'a-token-of-the-tests-own';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

interface Entry {
  readonly target: Readonly<Record<string, string>>;
  readonly result: string;
}

describe('the admin API', () => {
  let apps: RunningApps;
  let connection: ChannelModel;

  beforeAll(async () => {
    apps = await startApps([], { ADMIN_TOKEN: TOKEN });
    connection = await connect(apps.vhost.amqpUrl);
  });

  afterAll(async () => {
    await connection?.close();
    await apps?.stop();
  });

  const urlOf = (path: string) => `${apps.app('event-manager').url}${path}`;
  const admin = <Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => request<Body>(method, urlOf(`/admin/v1${path}`), { token: TOKEN, headers, ...(body !== undefined && { body }) });

  it('The admin API rejects requests without the token', async () => {
    for (const path of ['/subscriptions', '/services', '/members']) {
      const { status, contentType, body } = await request('GET', urlOf(`/admin/v1${path}`));
      expect(status).toBe(401);
      expect(contentType).toContain('application/problem+json');
      expect(body).toMatchObject({ status: 401, title: 'Unauthorized', instance: `/admin/v1${path}` });
    }
    expect((await request('GET', urlOf('/admin/v1/members'), { token: 'wrong' })).status).toBe(401);
  });

  it('The admin API creates, narrows, lists and deletes subscriptions', async () => {
    expect((await admin('PUT', '/subscriptions/pub/sub', {})).status).toBe(201);
    expect((await admin('PUT', '/subscriptions/pub/sub', { entityTypes: ['GROUP'] })).status).toBe(200);
    expect((await admin('GET', '/subscriptions?publisher=pub')).body).toEqual({
      items: [{ publisher: 'pub', subscriber: 'sub', entityTypes: ['GROUP'] }],
    });
    expect(await askManager(connection, ownMessage(projectEvent('pub')))).toEqual({ status: 'ACCEPTED', services: [] });
    expect((await admin('DELETE', '/subscriptions/pub/sub')).status).toBe(204);
    expect((await admin('DELETE', '/subscriptions/pub/sub')).status).toBe(404);
  });

  it('The admin API rejects invalid input', async () => {
    expect((await admin('PUT', '/subscriptions/pub/sub', { entityTypes: ['NOTHING'] })).status).toBe(400);
    expect((await admin('PUT', '/subscriptions/pub/sub', { surprise: true })).status).toBe(400);
    expect((await admin('PUT', '/subscriptions/pub/db.event', {})).body).toMatchObject({
      code: 'SERVICE_NAME_INVALID',
    });
  });

  it('The admin API lists services with their queues, and the running managers', async () => {
    expect((await admin('PUT', '/subscriptions/old.registry/late', {})).status).toBe(201);
    const { body } = await admin<Page<{ name: string }>>('GET', '/services');
    expect(body.items[0]).toMatchObject({ name: 'db.event', queue: { name: 'db.event.intake.queue', consumers: 1 } });
    expect(body.items.find(({ name }) => name === 'late')).toMatchObject({
      subscribesTo: ['old.registry'],
      queue: { name: 'late.queue', messages: 0 },
    });
    expect((await admin('GET', '/members')).body).toMatchObject({ items: [{ pid: process.pid }] });
  });

  it('The admin API lists subscriptions page by page, in order', async () => {
    const publishers = ['paged1', 'paged2', 'paged3', 'paged4', 'paged5'];
    for (const publisher of publishers.toReversed()) {
      expect((await admin('PUT', `/subscriptions/${publisher}/sub`, {})).status).toBe(201);
    }
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const query = `?limit=3${next === undefined ? '' : `&after=${next}`}`;
      const { body } = await admin<Page<{ publisher: string }>>('GET', `/subscriptions${query}`);
      expect(body.items.length).toBeLessThanOrEqual(3);
      seen.push(...body.items.map(({ publisher }) => publisher));
      next = body.next;
    } while (next !== undefined);
    expect(seen).toEqual([...seen].sort());
    expect(seen).toEqual(expect.arrayContaining(['old.registry', ...publishers]));
  });

  it('The admin API has an OpenAPI description', async () => {
    const { body } = await request<{ paths: object }>('GET', urlOf('/api-json'), { token: TOKEN });
    expect(Object.keys(body.paths)).toContain('/admin/v1/subscriptions/{publisher}/{subscriber}');
  });

  describe('with an Idempotency-Key', () => {
    const withKey = (key: string, method: string, path: string) =>
      admin(method, `/subscriptions/${path}`, {}, { 'idempotency-key': key });

    it('A change with an Idempotency-Key is made only once, however often it is requested', async () => {
      const first = await withKey('k1', 'PUT', 'once/sub');
      expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null]);
      const second = await withKey('k1', 'PUT', 'once/sub');
      expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
      expect(second.body).toEqual(first.body);
      // The audit trail keeps the order of changes: when it has this one, it has all earlier ones.
      expect((await admin('PUT', '/subscriptions/after/sub', {})).status).toBe(201);
      const changes = await waitFor(async () => {
        const { items } = (await admin<Page<Entry>>('GET', '/audit?limit=500')).body;
        const isThere = items.some(({ target, result }) => target['publisher'] === 'after' && result !== 'started');
        return isThere && items.filter(({ target }) => target['publisher'] === 'once');
      });
      expect(changes).toHaveLength(1);
    });

    it('An Idempotency-Key that was used for another request is rejected', async () => {
      expect((await withKey('k2', 'PUT', 'reused/sub')).status).toBe(201);
      const { status, body } = await withKey('k2', 'PUT', 'reused/other');
      expect([status, body['code']]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
      expect((await withKey('k'.repeat(256), 'PUT', 'x/y')).status).toBe(400);
    });

    it('A change that was rejected may be requested again with the same Idempotency-Key', async () => {
      expect((await withKey('k3', 'DELETE', 'again/sub')).status).toBe(404);
      expect((await admin('PUT', '/subscriptions/again/sub', {})).status).toBe(201);
      expect((await withKey('k3', 'DELETE', 'again/sub')).status).toBe(204);
      expect((await withKey('k3', 'DELETE', 'again/sub')).status).toBe(204);
    });
  });
});
