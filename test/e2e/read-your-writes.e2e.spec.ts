import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppName, AppProcess } from '../../tools/apps/app-process';
import {
  type FreshDatabase,
  type FreshVhost,
  type FreshZooKeeperRoot,
  freshDatabase,
  freshVhost,
  freshZooKeeperRoot,
  logFolder,
  waitFor,
} from '../support';

const ADMIN_TOKEN = 'the-tests-own-admin-token';
const VIEWER_TOKEN = 'the-token-of-somebody-who-looks';
const TOKEN = 'X-Replication-Token';
const WAIT = 'X-Replication-Wait-Ms';

describe('the services with two instances of sharing', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  const databases = new Map<AppName, FreshDatabase>();
  const apps = new Map<AppName, AppProcess>();
  let sharings: AppProcess[];
  const folder = mkdtempSync(join(tmpdir(), 'dbem-tokens-'));
  const tokensFile = join(folder, 'tokens.json');

  beforeAll(async () => {
    const sha256 = createHash('sha256').update(VIEWER_TOKEN).digest('hex');
    writeFileSync(tokensFile, JSON.stringify({ tokens: [{ name: 'viewer', role: 'viewer', sha256 }] }));
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    for (const app of ['profile', 'sharing', 'registry'] as const) databases.set(app, await freshDatabase());
    for (const app of ['event-manager', 'profile', 'registry', 'sharing'] as const) apps.set(app, await start(app));
    sharings = [apps.get('sharing') as AppProcess, await start('sharing')];
    await Promise.all([...apps.values(), ...sharings].map((app) => app.waitUntilReady()));
  }, 120_000);

  afterAll(async () => {
    await Promise.all([...new Set([...apps.values(), ...(sharings ?? [])])].map((app) => app.stop()));
    await Promise.all([vhost?.drop(), root?.drop(), ...[...databases.values()].map((database) => database.drop())]);
    rmSync(folder, { recursive: true, force: true });
  });

  function start(app: AppName): Promise<AppProcess> {
    const own: Record<string, string> =
      app === 'event-manager'
        ? { ZOOKEEPER_CONNECT: root.connectString, ADMIN_TOKEN, ADMIN_TOKENS_FILE: tokensFile }
        : { DATABASE_URL: databases.get(app)?.url ?? '' };
    return AppProcess.start({ app, env: { AMQP_URL: vhost.amqpUrl, ...own }, logFolder });
  }

  async function call(app: AppProcess | undefined, method: string, path: string, body?: unknown, headers = {}) {
    const response = await fetch(`${app?.url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  }

  const admin = async (path: string, token = ADMIN_TOKEN) =>
    (
      await call(apps.get('event-manager'), 'GET', `/admin/v1${path}`, undefined, {
        authorization: `Bearer ${token}`,
      })
    ).body;

  const user = (userId: string) => ({ userId, gatewayId: 'gw', firstName: 'Ada', lastName: userId, emails: [] });
  const pause = (app: AppName) => databases.get(app)?.pool.connect();

  it('answer a write with a token, and a read that carries it shows the write, whichever instance answers', async () => {
    for (let index = 0; index < 10; index += 1) {
      const userId = `reader-${index}`;
      const made = await call(apps.get('profile'), 'POST', '/users', user(userId));
      const token = made.headers.get(TOKEN) ?? '';
      expect(made.body.replicationToken).toBe(token);
      const reads = sharings.map((sharing) =>
        call(sharing, 'GET', `/domains/gw/users/${userId}@gw`, undefined, { [TOKEN]: token, [WAIT]: '20000' }),
      );
      expect((await Promise.all(reads)).map(({ status }) => status)).toEqual([200, 200]);
      const gone = await call(apps.get('profile'), 'DELETE', `/users/gw/${userId}`);
      const after = { [TOKEN]: gone.headers.get(TOKEN) ?? '', [WAIT]: '20000' };
      expect((await call(sharings[1], 'GET', `/domains/gw/users/${userId}@gw`, undefined, after)).status).toBe(404);
    }
  });

  it('give every service’s writes a token, and no read or failed write one', async () => {
    const project = await call(apps.get('registry'), 'POST', '/gateways/gw/projects', { owner: 'nobody', name: 'p' });
    const headers = { [TOKEN]: project.headers.get(TOKEN) ?? '', [WAIT]: '20000' };
    const entity = await call(sharings[0], 'GET', `/domains/gw/entities/${project.body.id}`, undefined, headers);
    expect(entity.status).toBe(200);
    const group = await call(sharings[0], 'POST', '/domains/gw/groups', { name: 'g', ownerId: 'nobody@gw' });
    expect(group.headers.get(TOKEN)).toBe(group.body.replicationToken);
    // Nobody waits for what a service doesn't replicate.
    const elsewhere = { [TOKEN]: String(group.body.replicationToken), [WAIT]: '20000' };
    expect((await call(apps.get('registry'), 'GET', '/gateways', undefined, elsewhere)).status).toBe(200);
    expect((await call(sharings[0], 'GET', '/domains/gw/groups')).headers.get(TOKEN)).toBeNull();
    const refused = await call(sharings[0], 'POST', '/domains/gw/groups', { name: 'g', ownerId: 'nobody@gw' });
    expect([refused.status, refused.headers.get(TOKEN)]).toEqual([409, null]);
  });

  it('refuse a token that is none, and say in time that the replica is behind', async () => {
    const read = (headers: Record<string, string>) => call(sharings[0], 'GET', '/domains', undefined, headers);
    expect(await read({ [TOKEN]: 'nonsense' })).toMatchObject({ status: 400, body: { code: 'TOKEN_INVALID' } });
    const never = [['user.profile', 'USER_PROFILE', 'nobody@gw', '1']];
    const token = Buffer.from(JSON.stringify(never)).toString('base64url');
    expect((await read({ [TOKEN]: token, [WAIT]: 'soon' })).status).toBe(400);
    const behind = await read({ [TOKEN]: token, [WAIT]: '50' });
    expect(behind).toMatchObject({ status: 503, body: { code: 'REPLICA_BEHIND' } });
    expect(behind.headers.get('Retry-After')).toBe('1');
    expect(behind.headers.get('content-type')).toContain('application/problem+json');
  });

  it('tell where an entity stands: current, underway, held, and where its publisher does not answer', async () => {
    const path = '/entities/user.profile/USER_PROFILE/standing@gw';
    const standings = async () => {
      const { source, services } = (await admin(path)) as unknown as {
        source: { status: string };
        services: { service: string; standing: string }[];
      };
      return [source.status, ...services.map(({ service, standing }) => `${service} ${standing}`)];
    };
    expect(await standings()).toEqual(['unpublished', 'registry current', 'sharing current']);
    const made = await call(apps.get('profile'), 'POST', '/users', user('standing'));
    await waitFor(async () => (await standings()).join() === 'present,registry current,sharing current');
    expect(await admin(path)).toMatchObject({
      entityId: 'standing@gw',
      source: { version: expect.any(String), changedAt: expect.any(String), unpublished: [] },
      services: [{ appliedAt: expect.any(String) }, { deleted: false }],
    });
    expect(made.status).toBe(201);

    // A lock on its row at sharing keeps the next change away from there.
    const client = await pause('sharing');
    await client?.query('BEGIN');
    await client?.query("SELECT FROM db_event.replica_version WHERE entity_id = 'standing@gw' FOR UPDATE");
    await call(apps.get('profile'), 'DELETE', '/users/gw/standing');
    await waitFor(async () => (await standings()).join() === 'deleted,registry current,sharing underway');
    await client?.query('ROLLBACK');
    client?.release();
    await waitFor(async () => (await standings()).join() === 'deleted,registry current,sharing current');
    expect((await admin('/entities/user.profile/HOUSE/x')).status).toBe(400);
  });

  it('tell in which fields a replica differs from its source, and operators what these hold', async () => {
    const path = '/entities/user.profile/USER_PROFILE/differing@gw';
    await call(apps.get('profile'), 'POST', '/users', user('differing'));
    const sharing = async (token?: string) => {
      const { services } = (await admin(path, token)) as { services?: { service: string; standing: string }[] };
      return services?.find(({ service }) => service === 'sharing');
    };
    await waitFor(async () => (await sharing())?.standing === 'current');
    expect(await sharing()).toMatchObject({ differences: [] });

    const pool = databases.get('sharing')?.pool;
    await pool?.query("UPDATE sharing_user SET first_name = 'by hand', email = 'x@y' WHERE user_id = 'differing@gw'");
    expect(await sharing()).toMatchObject({
      standing: 'different',
      version: expect.any(String),
      appliedAt: expect.any(String),
      differences: [
        { field: 'firstName', source: 'Ada', replica: 'by hand' },
        { field: 'emails.0', source: null, replica: 'x@y' },
      ],
    });
    expect(await sharing(VIEWER_TOKEN)).toMatchObject({
      standing: 'different',
      differences: [{ field: 'firstName' }, { field: 'emails.0' }],
    });
    expect(JSON.stringify(await sharing(VIEWER_TOKEN))).not.toMatch(/by hand|x@y|Ada/);

    // A row that profile had before it published, and that nobody sent.
    await databases.get('profile')?.pool.query(
      `INSERT INTO profile_user
         (user_id, gateway_id, first_name, last_name, emails, state, created_ms, last_access_ms, valid_until_ms)
       VALUES ('early', 'gw', 'a', 'b', '{}', 'ACTIVE', 0, 0, 0)`,
    );
    expect(await admin('/entities/user.profile/USER_PROFILE/early@gw')).toMatchObject({
      source: { status: 'unpublished' },
      services: [{ standing: 'different' }, { standing: 'different' }],
    });
  });

  it('list what a service holds, and why', async () => {
    const pool = databases.get('registry')?.pool;
    // registry believes in a version of this user that profile never had.
    await pool?.query(
      "INSERT INTO db_event.replica_version VALUES ('user.profile', 'USER_PROFILE', 'ghost@gw', 7, false)",
    );
    const { body } = await call(apps.get('registry'), 'POST', '/gateways/gw/projects', { owner: 'ghost', name: 'p' });
    const held = await waitFor(async () => {
      const list = (await admin('/held?service=sharing')) as { total?: number };
      return list.total === 1 && list;
    });
    const expected = {
      publisher: 'registry',
      entityType: 'PROJECT',
      entityId: body.id,
      waitsFor: { publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: 'ghost@gw', version: '7' },
      heldSince: expect.any(String),
      attempts: 0,
    };
    expect(held).toMatchObject({ items: [expected] });
    expect(await admin(`/entities/registry/PROJECT/${body.id}`)).toMatchObject({
      source: { status: 'present' },
      services: [{ service: 'sharing', standing: 'held', held: expected }],
    });
    // A delete ends the waiting.
    await call(apps.get('registry'), 'DELETE', `/gateways/gw/projects/${body.id}`);
    await waitFor(async () => ((await admin('/held?service=sharing')) as { total?: number }).total === 0);

    await apps.get('registry')?.stop();
    expect(await admin(`/entities/registry/PROJECT/${body.id}`)).toMatchObject({
      source: { status: 'unreachable', reason: expect.stringContaining('SERVICE_UNREACHABLE') },
      services: [{ service: 'sharing', standing: 'unknown', deleted: true }],
    });
    expect((await admin('/held?service=registry')).status).toBe(503);
  });
});
