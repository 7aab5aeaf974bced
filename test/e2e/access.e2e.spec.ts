import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import {
  type FreshVhost,
  type FreshZooKeeperRoot,
  freshVhost,
  freshZooKeeperRoot,
  logFolder,
  request,
  waitFor,
} from '../support';
import { IdentityProvider } from '../support/access/identity-provider';

const ADMIN_TOKEN = 'the-one-admin-token-of-this-test';

describe('who may use the admin API', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let provider: IdentityProvider;
  let manager: AppProcess;
  const folder = mkdtempSync(join(tmpdir(), 'dbem-access-'));
  const tokensFile = join(folder, 'tokens.json');
  const tokens: Record<string, string> = {};

  const tokenCommand = (...args: string[]) =>
    new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, ['--import', 'tsx', 'tools/token.ts', ...args], (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });

  async function makeToken(name: string, role: string): Promise<string> {
    const { status, stdout, stderr } = await tokenCommand('--name', name, '--role', role, '--file', tokensFile);
    expect(status, stderr).toBe(0);
    return stdout.trim().split('\n').at(-1) as string;
  }

  const call = (method: string, path: string, token?: string, body?: unknown) =>
    request(method, `${manager.url}${path}`, {
      ...(token !== undefined && { token }),
      ...(body !== undefined && { body }),
    });

  beforeAll(async () => {
    [vhost, root, provider] = await Promise.all([freshVhost(), freshZooKeeperRoot(), IdentityProvider.start()]);
    for (const role of ['viewer', 'operator', 'admin']) tokens[role] = await makeToken(`the ${role}`, role);
    manager = await AppProcess.start({
      app: 'event-manager',
      env: {
        AMQP_URL: vhost.amqpUrl,
        ZOOKEEPER_CONNECT: root.connectString,
        ADMIN_TOKEN,
        ADMIN_TOKENS_FILE: tokensFile,
        OIDC_ISSUER: provider.issuer,
        OIDC_AUDIENCE: provider.audience,
        OIDC_JWKS_URL: provider.jwksUrl,
        OIDC_ROLE_CLAIM: 'realm_access.roles',
        OIDC_ROLE_PREFIX: 'dbem-',
        ADMIN_RATE_LIMIT: '100000',
        LOG_LEVEL: 'debug',
      },
      logFolder,
    });
    await manager.waitUntilReady();
  });

  afterAll(async () => {
    await manager?.stop();
    await provider?.stop();
    await Promise.all([vhost.drop(), root.drop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets everybody see that it lives, and only who has a role why it is or is not ready', async () => {
    expect((await call('GET', '/health/live')).status).toBe(200);
    const { status, body } = await call('GET', '/health/ready');
    expect(status).toBe(200);
    expect(body).toMatchObject({ details: { broker: { status: 'up' } } });
    expect(JSON.stringify(body)).not.toContain('ready');
    const told = await call('GET', '/health/ready', tokens.viewer);
    expect(told.body).toMatchObject({ details: { subscriptionMap: { state: 'ready' } } });
  });

  it('is closed everywhere else, also where nothing is', async () => {
    for (const path of ['/admin/v1/subscriptions', '/admin/v1/services', '/admin/v1/members', '/api', '/api-json']) {
      const { status, headers, contentType } = await call('GET', path);
      expect(status, path).toBe(401);
      expect(headers.get('www-authenticate'), path).toMatch(/^(Bearer|Basic) /);
      expect(contentType, path).toContain('application/problem+json');
    }
    expect((await call('GET', '/nothing-here')).status).toBe(404);
  });

  it('takes the one admin token as before', async () => {
    expect((await call('PUT', '/admin/v1/subscriptions/pub/of.admin', ADMIN_TOKEN, {})).status).toBe(201);
  });

  it('lets a viewer read and change nothing, an operator both', async () => {
    expect((await call('GET', '/admin/v1/subscriptions', tokens.viewer)).status).toBe(200);
    for (const method of ['PUT', 'DELETE']) {
      const { status, body } = await call(method, '/admin/v1/subscriptions/pub/sub', tokens.viewer, {});
      expect(status).toBe(403);
      expect(body).toMatchObject({ title: 'Forbidden', detail: expect.stringContaining('operator') });
    }
    expect((await call('PUT', '/admin/v1/subscriptions/pub/sub', tokens.operator, {})).status).toBe(201);
    expect((await call('DELETE', '/admin/v1/subscriptions/pub/sub', tokens.operator)).status).toBe(204);
  });

  it('shows the OpenAPI page to a browser that sends the token as a password', async () => {
    const basic = (password: string) => ({ headers: { authorization: `Basic ${btoa(`anybody:${password}`)}` } });
    expect((await request('GET', `${manager.url}/api-json`, basic(tokens.viewer as string))).status).toBe(200);
    expect((await request('GET', `${manager.url}/api-json`, basic('wrong'))).status).toBe(401);
    // Nowhere else, lest a browser send it along for a foreign page.
    const { status } = await request('GET', `${manager.url}/admin/v1/members`, basic(tokens.viewer as string));
    expect(status).toBe(401);
  });

  it('keeps only hashes of tokens, in a file for its owner alone', async () => {
    const content = readFileSync(tokensFile, 'utf8');
    for (const token of Object.values(tokens)) expect(content).not.toContain(token);
    expect(statSync(tokensFile).mode & 0o077).toBe(0);
    expect((await tokenCommand('--name', 'the viewer', '--role', 'admin', '--file', tokensFile)).status).toBe(2);
    expect((await tokenCommand('--name', 'x', '--role', 'emperor', '--file', tokensFile)).stderr).toContain(
      'is no role',
    );
  });

  it('takes new tokens and forgets revoked ones without a restart', async () => {
    const fresh = await makeToken('somebody new', 'viewer');
    await waitFor(async () => (await call('GET', '/admin/v1/members', fresh)).status === 200);
    expect((await tokenCommand('--revoke', 'somebody new', '--file', tokensFile)).status).toBe(0);
    await waitFor(async () => (await call('GET', '/admin/v1/members', fresh)).status === 401);
  });

  describe('with an identity provider', () => {
    const roles = (...names: string[]) => ({ realm_access: { roles: names } });
    const status = async (token: string, method = 'GET') =>
      method === 'GET'
        ? (await call('GET', '/admin/v1/members', token)).status
        : (await call(method, '/admin/v1/subscriptions/pub/oidc', token, {})).status;

    it('takes the greatest role of the claim', async () => {
      expect(await status(await provider.sign(roles('dbem-viewer', 'offline_access')), 'PUT')).toBe(403);
      expect(await status(await provider.sign(roles('dbem-viewer', 'dbem-operator')), 'PUT')).toBe(201);
    });

    it('takes a key that was added later', async () => {
      await provider.addKey('second');
      // The key set is kept for a while before it is fetched for an unknown key.
      await waitFor(
        async () => (await status(await provider.sign(roles('dbem-operator'), { key: 'second' }), 'PUT')) === 200,
        { timeoutMs: 60_000 },
      );
    });

    it.each([
      ['without a role of ours', () => provider.sign(roles('viewer', 'admin'))],
      ['of another issuer', () => provider.sign({ ...roles('dbem-admin'), iss: 'https://elsewhere.example.org' })],
      ['for another audience', () => provider.sign({ ...roles('dbem-admin'), aud: 'another-app' })],
      ['that is over', () => provider.sign({ ...roles('dbem-admin'), exp: Math.floor(Date.now() / 1_000) - 120 })],
      ['that never ends', () => provider.sign({ ...roles('dbem-admin'), exp: undefined })],
      ['of nobody', () => provider.sign({ ...roles('dbem-admin'), sub: undefined })],
      ['signed with a key of somebody else', () => forged('first')],
      ['signed with nothing', () => unsigned()],
    ])('refuses a token %s', async (_what, make) => {
      expect(await status(await make())).toBe(401);
    });

    async function forged(kid: string): Promise<string> {
      const { privateKey } = await generateKeyPair('ES256');
      return new SignJWT({ ...roles('dbem-admin'), sub: 'eve', iss: provider.issuer, aud: provider.audience })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setExpirationTime('10m')
        .sign(privateKey);
    }

    async function unsigned(): Promise<string> {
      const [, payload] = (await provider.sign(roles('dbem-admin'))).split('.');
      const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
      return `${header}.${payload}.AAAA`;
    }
  });

  it('sends headers that make browsers careful, and refuses bodies that are too large', async () => {
    const { headers } = await call('GET', '/health/live');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-powered-by')).toBeNull();
    const { status, contentType } = await call('PUT', '/admin/v1/subscriptions/pub/sub', tokens.operator, {
      entityTypes: ['x'.repeat(200_000)],
    });
    expect(status).toBe(413);
    expect(contentType).toContain('application/problem+json');
  });
});

describe('an event manager for which no way in is configured', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let manager: AppProcess;

  beforeAll(async () => {
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    manager = await AppProcess.start({
      app: 'event-manager',
      env: { AMQP_URL: vhost.amqpUrl, ZOOKEEPER_CONNECT: root.connectString, ADMIN_RATE_LIMIT: '20' },
      logFolder,
    });
    await manager.waitUntilReady();
  });

  afterAll(async () => {
    await manager?.stop();
    await Promise.all([vhost.drop(), root.drop()]);
  });

  it('draws an admin token and prints it', async () => {
    const [, token = ''] = /the admin token until the next start is (\S+)"/.exec(manager.log) ?? [];
    expect((await request('GET', `${manager.url}/admin/v1/members`, { token })).status).toBe(200);
  });

  it('makes who asks too often wait, but not who asks for its health', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async () => (await request('GET', `${manager.url}/admin/v1/members`)).status),
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(20);
    const { headers, body } = await request('GET', `${manager.url}/admin/v1/members`);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(body).toMatchObject({ status: 429, title: 'Too Many Requests' });
    expect((await request('GET', `${manager.url}/health/ready`)).status).toBe(200);
  });
});
