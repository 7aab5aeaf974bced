import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import { InProcessApp } from '../support/apps/in-process-app';
import { logFolder } from '../support/apps/log-folder';
import { request } from '../support/http/http';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { type FreshVhost, freshVhost } from '../support/servers/fresh-vhost';
import { waitFor } from '../support/waiting/wait-for';

const SERVICES = ['profile', 'sharing', 'registry'] as const;
type Service = (typeof SERVICES)[number];

/** Services without an event manager: they serve their own entities, and their changes stay in the outbox. */
describe('services without an event manager', () => {
  let vhost: FreshVhost;
  const databases = new Map<Service, FreshDatabase>();
  const apps = new Map<Service, InProcessApp>();

  beforeAll(async () => {
    vhost = await freshVhost();
    await Promise.all(
      SERVICES.map(async (service) => {
        const database = await freshDatabase(service);
        databases.set(service, database);
        const env = { AMQP_URL: vhost.amqpUrl, DATABASE_URL: database.url, HEARTBEAT_INTERVAL_MS: '0' };
        apps.set(service, await InProcessApp.start(service, env));
      }),
    );
    await apps.get('profile')?.waitUntilReady();
  });

  afterAll(async () => {
    await Promise.all([...apps.values()].map((app) => app.stop()));
    await Promise.all([vhost?.drop(), ...[...databases.values()].map((database) => database.drop())]);
  });

  const call = (app: Service, method: string, path: string, body?: unknown) =>
    request(method, `${apps.get(app)?.url}${path}`, body === undefined ? {} : { body });

  const outboxOf = async (app: Service) =>
    (await databases.get(app)?.pool.query('SELECT crud_type, entity_id FROM db_event.outbox ORDER BY version'))?.rows ??
    [];

  const ADA = {
    userId: 'ada',
    gatewayId: 'seagrid',
    firstName: 'Ada',
    lastName: 'Lovelace',
    emails: ['ada@example.org'],
  };

  it('A subscriber without an event manager is alive but not ready', async () => {
    expect((await call('sharing', 'GET', '/health/live')).status).toBe(200);
    const { status, body } = await waitFor(async () => {
      const answer = await call('sharing', 'GET', '/health/ready');
      return JSON.stringify(answer.body['info'] ?? {}).includes('database') && answer;
    });
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: { replication: { status: 'down' } }, info: { database: { status: 'up' } } });
  });

  it('profile creates, reads, replaces and deletes a user, and appends each change to its outbox once', async () => {
    const { status, body: createdUser } = await call('profile', 'POST', '/users', {
      ...ADA,
      timeZone: 'Europe/London',
    });
    expect(status).toBe(201);
    expect(createdUser).toMatchObject({ ...ADA, state: 'ACTIVE', timeZone: 'Europe/London' });
    const { replicationToken: _token, ...user } = createdUser;
    expect((await call('profile', 'GET', '/users/seagrid/ada')).body).toEqual(user);
    const { userId: _id, gatewayId: _gateway, ...details } = ADA;
    const { body: replaced } = await call('profile', 'PUT', '/users/seagrid/ada', { ...details, firstName: 'Augusta' });
    expect(replaced).toMatchObject({ firstName: 'Augusta', userId: 'ada' });
    expect(replaced).not.toHaveProperty('timeZone');
    expect((await call('profile', 'DELETE', '/users/seagrid/ada')).status).toBe(204);
    expect((await call('profile', 'GET', '/users/seagrid/ada')).status).toBe(404);
    expect(await outboxOf('profile')).toEqual(
      ['CREATE', 'UPDATE', 'DELETE'].map((crud_type) => ({ crud_type, entity_id: 'ada@seagrid' })),
    );
  });

  it('profile rejects invalid requests with problem details, and appends nothing to its outbox', async () => {
    const before = (await outboxOf('profile')).length;
    const bad = await call('profile', 'POST', '/users', { ...ADA, emails: ['not an address'], extra: 1 });
    expect(bad.status).toBe(400);
    expect(bad.contentType).toContain('application/problem+json');
    expect(bad.body).toMatchObject({ title: 'Bad Request', status: 400, instance: '/users' });
    expect((bad.body as { errors: string[] }).errors).toHaveLength(2);
    expect((await call('profile', 'POST', '/users', '{ not json')).status).toBe(400);
    expect((await call('profile', 'DELETE', '/users/seagrid/nobody')).status).toBe(404);
    expect((await call('profile', 'PUT', '/tenants/nowhere', {})).status).toBe(404);
    expect((await call('profile', 'GET', '/users?limit=0')).status).toBe(400);
    expect((await call('profile', 'GET', '/users?after=nonsense')).status).toBe(400);
    expect((await call('profile', 'GET', '/nowhere')).status).toBe(404);
    expect(await outboxOf('profile')).toHaveLength(before);
  });

  it('profile rejects a duplicate with 409', async () => {
    expect((await call('profile', 'POST', '/tenants', { gatewayId: 'twice' })).status).toBe(201);
    const { status, body } = await call('profile', 'POST', '/tenants', { gatewayId: 'twice' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ detail: 'The tenant "twice" already exists.' });
    expect((await outboxOf('profile')).filter(({ entity_id }) => entity_id === 'twice')).toHaveLength(1);
  });

  it('profile lists its users page by page', async () => {
    const ids = Array.from({ length: 7 }, (_, index) => `page-${index}`);
    for (const userId of ids) {
      expect((await call('profile', 'POST', '/users', { ...ADA, userId, gatewayId: 'paged' })).status).toBe(201);
    }
    const seen: string[] = [];
    let after = '';
    do {
      const { body } = await call('profile', 'GET', `/users?gatewayId=paged&limit=3${after}`);
      const page = body as { items: { userId: string }[]; next?: string };
      seen.push(...page.items.map(({ userId }) => userId));
      after = page.next === undefined ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(seen).toEqual(ids);
  });

  it('profile writes no row if the change can’t be appended to the outbox', async () => {
    const { pool } = databases.get('profile') as FreshDatabase;
    await pool.query('ALTER TABLE db_event.outbox ADD CONSTRAINT refuse CHECK (entity_id <> $$refused$$)');
    expect((await call('profile', 'POST', '/tenants', { gatewayId: 'not-refused' })).status).toBe(201);
    expect((await call('profile', 'POST', '/tenants', { gatewayId: 'refused' })).status).toBe(500);
    expect((await call('profile', 'GET', '/tenants/refused')).status).toBe(404);
  });

  it('sharing serves its own groups and appends their changes to its outbox', async () => {
    const details = { name: 'Chemists', ownerId: 'ada@seagrid', members: ['ada@seagrid', 'bob@seagrid'] };
    const { status, body } = await call('sharing', 'POST', '/domains/seagrid/groups', details);
    expect(status).toBe(201);
    const { id } = body as { id: string };
    expect(body).toMatchObject({ ...details, domainId: 'seagrid', admins: [] });
    expect((await call('sharing', 'POST', '/domains/seagrid/groups', details)).status).toBe(409);
    const replaced = await call('sharing', 'PUT', `/domains/seagrid/groups/${id}`, { ...details, name: 'Physicists' });
    expect(replaced.body).toMatchObject({ name: 'Physicists' });
    expect((await call('sharing', 'GET', '/domains/seagrid/groups')).body).toMatchObject({ items: [{ id }] });
    expect((await call('sharing', 'DELETE', `/domains/seagrid/groups/${id}`)).status).toBe(204);
    expect((await outboxOf('sharing')).map(({ crud_type }) => crud_type)).toEqual(['CREATE', 'UPDATE', 'DELETE']);
    expect((await call('sharing', 'GET', '/domains/nowhere')).status).toBe(404);
  });

  it('registry serves its own projects and appends their changes to its outbox', async () => {
    const { status, body } = await call('registry', 'POST', '/gateways/seagrid/projects', {
      owner: 'ada',
      name: 'Benzene',
    });
    expect(status).toBe(201);
    const { id } = body as { id: string };
    const changed = { name: 'Toluene', description: 'C7H8' };
    expect((await call('registry', 'PUT', `/gateways/seagrid/projects/${id}`, changed)).status).toBe(200);
    expect((await call('registry', 'GET', `/gateways/seagrid/projects/${id}`)).body).toMatchObject({
      name: 'Toluene',
      description: 'C7H8',
      owner: 'ada',
    });
    expect((await call('registry', 'GET', '/gateways/seagrid/projects?owner=bob')).body).toEqual({ items: [] });
    expect((await call('registry', 'DELETE', `/gateways/seagrid/projects/${id}`)).status).toBe(204);
    expect((await outboxOf('registry')).map(({ crud_type }) => crud_type)).toEqual(['CREATE', 'UPDATE', 'DELETE']);
  });

  it.each(SERVICES)('%s has an OpenAPI page', async (app) => {
    expect((await call(app, 'GET', '/api')).contentType).toContain('text/html');
    const { body } = await call(app, 'GET', '/api-json');
    expect(Object.keys((body as { paths: object }).paths).length).toBeGreaterThan(4);
  });

  it('A service with an invalid configuration reports all errors at once and does not start', async () => {
    const env = { SERVICE_PORT: '99999', AMQP_URL: 'http://nowhere', LOG_LEVEL: 'loud' };
    const process = await AppProcess.start({ app: 'profile', env, logFolder });
    const failure = await process.waitUntilReady().catch((error: unknown) => String(error));
    expect(failure).toContain('exited during start-up');
    expect(process.exitCode).toBe(1);
    for (const variable of ['SERVICE_PORT', 'AMQP_URL', 'DATABASE_URL', 'LOG_LEVEL'])
      expect(failure).toContain(variable);
    expect(failure).not.toContain('nowhere');
  });
});
