import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeReplicationToken, REPLICATION_TOKEN_HEADER as TOKEN } from '@dbem/db-event';
import { REPLICATION_WAIT_HEADER as WAIT } from '@dbem/replica';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeferredEventListDto } from '../../apps/event-manager/src/entities/deferred-event.dto';
import type { EntityReportDto } from '../../apps/event-manager/src/entities/entity-report.dto';
import type { AppName } from '../../tools/apps/app-process';
import { addTokens } from '../support/access/token-file';
import type { AppInstance } from '../support/apps/app-instance';
import { InProcessApp } from '../support/apps/in-process-app';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const ADMIN_TOKEN = 'the-tests-own-admin-token';

describe('The services with two instances of sharing', () => {
  let apps: RunningApps;
  let sharings: AppInstance[];
  let viewersToken: string;
  const folder = mkdtempSync(join(tmpdir(), 'dbem-tokens-'));

  beforeAll(async () => {
    const tokensFile = join(folder, 'tokens.json');
    ({ viewer: viewersToken } = await addTokens(tokensFile, ['viewer']));
    apps = await startApps(['profile', 'sharing', 'registry'], { ADMIN_TOKEN, ADMIN_TOKENS_FILE: tokensFile });
    const second = await InProcessApp.start('sharing', apps.environmentOf('sharing'));
    await second.waitUntilReady();
    sharings = [apps.app('sharing'), second];
  });

  afterAll(async () => {
    await sharings?.[1]?.stop();
    await apps?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = (app: AppName | AppInstance, method: string, path: string, body?: object, headers = {}) =>
    request(method, `${typeof app === 'string' ? apps.app(app).url : app.url}${path}`, {
      headers,
      ...(body !== undefined && { body }),
    });
  const askAdmin = <Body = Record<string, unknown>>(path: string, token = ADMIN_TOKEN) =>
    request<Body>('GET', `${apps.app('event-manager').url}/admin/v1${path}`, { token });
  const admin = async <Body = Record<string, unknown>>(path: string, token?: string) =>
    (await askAdmin<Body>(path, token)).body;

  const user = (userId: string) => ({ userId, gatewayId: 'gw', firstName: 'Ada', lastName: userId, emails: [] });
  /** Headers of a read that waits for a write, long enough for a busy machine. */
  const after = (token: string | null | undefined) => ({ [TOKEN]: token ?? '', [WAIT]: '30000' });

  it('A read with the token of a write returns that write, whichever instance handles it', async () => {
    for (let index = 0; index < 10; index += 1) {
      const userId = `reader-${index}`;
      const createdUser = await call('profile', 'POST', '/users', user(userId));
      const token = createdUser.headers.get(TOKEN);
      expect(createdUser.body['replicationToken']).toBe(token);
      const path = `/domains/gw/users/${userId}@gw`;
      const reads = sharings.map((sharing) => call(sharing, 'GET', path, undefined, after(token)));
      expect((await Promise.all(reads)).map(({ status }) => status)).toEqual([200, 200]);
      const deleted = (await call('profile', 'DELETE', `/users/gw/${userId}`)).headers.get(TOKEN);
      expect((await call(sharings[1] as AppInstance, 'GET', path, undefined, after(deleted))).status).toBe(404);
    }
  });

  it('Every service returns a token for a write, but not for a read or a failed write', async () => {
    const project = await call('registry', 'POST', '/gateways/gw/projects', { owner: 'nobody', name: 'p' });
    const path = `/domains/gw/entities/${project.body['id']}`;
    expect((await call('sharing', 'GET', path, undefined, after(project.headers.get(TOKEN)))).status).toBe(200);
    const newGroup = { name: 'g', ownerId: 'nobody@gw' };
    const group = await call('sharing', 'POST', '/domains/gw/groups', newGroup);
    const token = group.headers.get(TOKEN);
    expect(token).toBe(group.body['replicationToken']);
    // registry does not wait for entities that it does not replicate.
    expect((await call('registry', 'GET', '/gateways', undefined, after(token))).status).toBe(200);
    expect((await call('sharing', 'GET', '/domains/gw/groups')).headers.get(TOKEN)).toBeNull();
    const refused = await call('sharing', 'POST', '/domains/gw/groups', newGroup);
    expect([refused.status, refused.headers.get(TOKEN)]).toEqual([409, null]);
  });

  it('A read is rejected if its token is invalid, or if the replica is behind for longer than the read’s timeout', async () => {
    const read = (headers: Record<string, string>) => call('sharing', 'GET', '/domains', undefined, headers);
    expect(await read({ [TOKEN]: 'nonsense' })).toMatchObject({ status: 400, body: { code: 'TOKEN_INVALID' } });
    const token = encodeReplicationToken([
      { publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: 'nobody@gw', version: 1n },
    ]);
    expect((await read({ [TOKEN]: token, [WAIT]: 'soon' })).status).toBe(400);
    const behind = await read({ [TOKEN]: token, [WAIT]: '50' });
    expect(behind).toMatchObject({ status: 503, body: { code: 'REPLICA_BEHIND' } });
    expect(behind.headers.get('Retry-After')).toBe('1');
    expect(behind.headers.get('content-type')).toContain('application/problem+json');
  });

  it('An entity report states for each service whether it has the entity’s current version or the version is underway', async () => {
    const path = '/entities/user.profile/USER_PROFILE/reported@gw';
    const reportIs = (...expected: string[]) =>
      waitFor(async () => {
        const { source, services } = await admin<EntityReportDto>(path);
        const found = [source.status, ...services.map(({ service, state }) => `${service} ${state}`)];
        return found.join() === expected.join();
      });
    await reportIs('unpublished', 'registry current', 'sharing current');
    expect((await call('profile', 'POST', '/users', user('reported'))).status).toBe(201);
    await reportIs('present', 'registry current', 'sharing current');
    expect(await admin(path)).toMatchObject({
      entityId: 'reported@gw',
      source: { version: expect.any(String), changedAt: expect.any(String), unpublished: [] },
      services: [{ appliedAt: expect.any(String) }, { deleted: false }],
    });

    // A lock on its row at sharing blocks the next change there.
    const client = await apps.database('sharing').pool.connect();
    try {
      await client.query('BEGIN');
      const locked = await client.query(
        "SELECT FROM db_event.replica_version WHERE entity_id = 'reported@gw' FOR UPDATE",
      );
      expect(locked.rowCount).toBe(1);
      await call('profile', 'DELETE', '/users/gw/reported');
      await reportIs('deleted', 'registry current', 'sharing underway');
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    await reportIs('deleted', 'registry current', 'sharing current');
    expect((await askAdmin('/entities/user.profile/HOUSE/x')).status).toBe(400);
  });

  it('An entity report lists the fields in which a replica differs, with their values only for operators', async () => {
    const path = '/entities/user.profile/USER_PROFILE/differing@gw';
    await call('profile', 'POST', '/users', user('differing'));
    const sharing = async (token?: string) =>
      (await admin<EntityReportDto>(path, token)).services.find(({ service }) => service === 'sharing');
    await waitFor(async () => (await sharing())?.state === 'current');
    expect(await sharing()).toMatchObject({ differences: [] });

    const { pool } = apps.database('sharing');
    await pool.query("UPDATE sharing_user SET first_name = 'by hand', email = 'x@y' WHERE user_id = 'differing@gw'");
    expect(await sharing()).toMatchObject({
      state: 'different',
      version: expect.any(String),
      appliedAt: expect.any(String),
      differences: [
        { field: 'firstName', source: 'Ada', replica: 'by hand' },
        { field: 'emails.0', source: null, replica: 'x@y' },
      ],
    });
    expect(await sharing(viewersToken)).toMatchObject({
      state: 'different',
      differences: [{ field: 'firstName' }, { field: 'emails.0' }],
    });
    expect(JSON.stringify(await sharing(viewersToken))).not.toMatch(/by hand|x@y|Ada/);

    // A row that profile had before it published, and that was never sent.
    await apps.database('profile').pool.query(
      `INSERT INTO profile_user
         (user_id, gateway_id, first_name, last_name, emails, state, created_ms, last_access_ms, valid_until_ms)
       VALUES ('early', 'gw', 'a', 'b', '{}', 'ACTIVE', 0, 0, 0)`,
    );
    expect(await admin('/entities/user.profile/USER_PROFILE/early@gw')).toMatchObject({
      source: { status: 'unpublished' },
      services: [{ state: 'different' }, { state: 'different' }],
    });
  });

  it('Deferred events are listed with the dependency that they wait for, until their entity is deleted', async () => {
    const deferred = () => admin<DeferredEventListDto>('/deferred-events?service=sharing');
    // registry has a version of this user that profile never had.
    await apps
      .database('registry')
      .pool.query(
        "INSERT INTO db_event.replica_version VALUES ('user.profile', 'USER_PROFILE', 'orphan@gw', 7, false)",
      );
    const project = (await call('registry', 'POST', '/gateways/gw/projects', { owner: 'orphan', name: 'p' })).body;
    await waitFor(async () => (await deferred()).total === 1);
    const expected = {
      publisher: 'registry',
      entityType: 'PROJECT',
      entityId: project['id'],
      waitsFor: { publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: 'orphan@gw', version: '7' },
      deferredSince: expect.any(String),
      attempts: 0,
    };
    expect(await deferred()).toMatchObject({ items: [expected] });
    const path = `/entities/registry/PROJECT/${project['id']}`;
    expect(await admin(path)).toMatchObject({
      source: { status: 'present' },
      services: [{ service: 'sharing', state: 'deferred', deferred: expected }],
    });
    await call('registry', 'DELETE', `/gateways/gw/projects/${project['id']}`);
    await waitFor(async () => (await deferred()).total === 0);

    const registry = apps.app('registry');
    await registry.stop();
    await expect(call(registry, 'GET', '/health/live')).rejects.toThrow('fetch failed');
    expect(await admin(path)).toMatchObject({
      source: { status: 'unreachable', reason: expect.stringContaining('SERVICE_UNREACHABLE') },
      services: [{ service: 'sharing', state: 'unknown', deleted: true }],
    });
    expect((await askAdmin('/deferred-events?service=registry')).status).toBe(503);
  });
});
